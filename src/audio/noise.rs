//! Comfort noise: the quiet rush of a line on which nobody speaks (RFC 3389).

/// White noise of one level.
#[derive(Clone, Copy, Debug)]
pub struct Noise {
    amplitude: f32,
    state: u32,
}

impl Noise {
    /// `level` in dB below full scale.
    #[must_use]
    pub fn new(level: u8) -> Self {
        // Evenly spread noise is 4.8 dB below its peaks; full scale is a square wave here.
        let amplitude = 32_767.0 * 3.0_f32.sqrt() * 10.0_f32.powf(-f32::from(level) / 20.0);
        Self { amplitude: amplitude.min(32_767.0), state: 0x2545_f491 }
    }

    /// Appends `length` samples.
    pub fn fill(&mut self, length: usize, sound: &mut Vec<i16>) {
        sound.extend((0..length).map(|_| {
            self.state = self.state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            let even = (self.state >> 8) as f32 / 8_388_608.0 - 1.0;
            (even * self.amplitude) as i16
        }));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::audio::detect::loudness;

    #[test]
    fn the_level_is_what_was_asked() {
        for level in [40_u8, 50, 60] {
            let mut sound = Vec::new();
            Noise::new(level).fill(8_000, &mut sound);
            // `loudness` counts from a sine of full scale, 3 dB below the square wave.
            assert!((loudness(&sound) + f64::from(level) - 3.0).abs() < 1.0, "{level}");
        }
    }
}
