//! A long list that the daemon gives page by page.

#[derive(Clone, Debug)]
pub struct Pages<T, N = u64> {
    items: Vec<T>,
    /// Where the next page begins.
    next: Option<N>,
    is_asked: bool,
}

impl<T, N> Default for Pages<T, N> {
    fn default() -> Self {
        Self { items: Vec::new(), next: None, is_asked: false }
    }
}

impl<T: Clone, N: Clone> Pages<T, N> {
    #[must_use]
    pub fn items(&self) -> &[T] {
        &self.items
    }

    /// A page has come; the first one takes the place of all there was.
    pub fn take(&mut self, items: &[T], next: Option<N>, is_first: bool) {
        if is_first {
            self.items.clear();
        }
        self.items.extend_from_slice(items);
        self.next = next;
        self.is_asked = false;
    }

    /// Some are others than before, or gone.
    pub fn change(&mut self, change: impl FnOnce(&mut Vec<T>)) {
        change(&mut self.items);
    }

    /// Where to go on from, if there is more and it has not been asked for.
    pub fn more(&mut self) -> Option<N> {
        let next = self.next.clone().filter(|_| !self.is_asked)?;
        self.is_asked = true;
        Some(next)
    }

    /// Whether there is more than has come.
    #[must_use]
    pub fn has_more(&self) -> bool {
        self.next.is_some()
    }

    /// Whether a page is on its way.
    #[must_use]
    pub fn is_asked(&self) -> bool {
        self.is_asked
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_page_is_asked_for_once() {
        let mut pages: Pages<u64> = Pages::default();
        pages.take(&[9, 8], Some(8), true);
        assert_eq!((pages.more(), pages.more()), (Some(8), None));
        pages.take(&[7], None, false);
        assert_eq!(pages.more(), None);
        assert_eq!(pages.items(), [9, 8, 7]);
        pages.take(&[10], None, true);
        assert_eq!(pages.items(), [10]);
    }
}
