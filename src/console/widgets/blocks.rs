//! A square code of half blocks: two rows of squares in each line of text.

use qrcode::{Color, EcLevel, QrCode};

/// Lines of one width, dark squares drawn as light ones are in a dark terminal: phones read both.
/// None: the text is too long for a code.
#[must_use]
pub fn code(text: &str) -> Option<Vec<String>> {
    let code = QrCode::with_error_correction_level(text, EcLevel::L).ok()?;
    let width = code.width();
    let colours = code.to_colors();
    // ISO/IEC 18004 asks for a quiet zone of 4; readers are content with 1 on an even ground.
    let is_dark = |x: usize, y: usize| {
        let inside = (1..=width).contains(&x) && (1..=width).contains(&y);
        inside && colours.get((y - 1) * width + x - 1) == Some(&Color::Dark)
    };
    let line = |y: usize| {
        let half = |x: usize| match (is_dark(x, y), is_dark(x, y + 1)) {
            (true, true) => ' ',
            (true, false) => '▄',
            (false, true) => '▀',
            (false, false) => '█',
        };
        (0..width + 2).map(half).collect()
    };
    Some((0..width + 2).step_by(2).map(line).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_square_and_has_its_three_corners() {
        let lines = code("sip:101:secret@192.0.2.1").unwrap();
        let width = lines[0].chars().count();
        assert!(lines.iter().all(|line| line.chars().count() == width));
        assert_eq!(lines.len(), width.div_ceil(2));
        // The finder's upper edge: seven dark squares under a light one.
        let corner: String = lines[0].chars().skip(1).take(7).collect();
        assert_eq!(corner, "▀▀▀▀▀▀▀");
        assert!(code(&"x".repeat(5_000)).is_none());
    }
}
