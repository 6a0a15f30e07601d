//! Small bars in one line of text.

const STEPS: [char; 9] = [' ', '▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];

/// One column for each value, the tallest full.
#[must_use]
pub fn bars(values: &[u64]) -> String {
    let top = values.iter().copied().max().unwrap_or(0);
    let step = |value: &u64| {
        // Whatever is there is seen.
        let height = (value * 8).checked_div(top).unwrap_or(0).max(u64::from(*value > 0));
        usize::try_from(height).ok().and_then(|height| STEPS.get(height)).copied()
    };
    values.iter().map(|value| step(value).unwrap_or(' ')).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tallest_is_full_and_the_least_is_seen() {
        assert_eq!(bars(&[0, 1, 50, 100]), " ▁▄█");
        assert_eq!(bars(&[0, 0]), "  ");
        assert_eq!(bars(&[]), "");
    }
}
