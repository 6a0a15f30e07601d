//! Which screen is opened for which place, of those that set the office up.

use crate::console::screen::Screen;
use crate::console::screens::holidays::{Holidays, new_holiday};
use crate::console::screens::hours_form::{hours_form, new_hours};
use crate::console::screens::list::List;
use crate::console::screens::week::WeekScreen;
use crate::console::setup::SetupPlace;
use crate::console::view::View;

/// None: what it would show is gone.
pub(crate) fn screen(view: &View<'_>, place: SetupPlace) -> Option<Box<dyn Screen>> {
    let screen: Box<dyn Screen> = match place {
        SetupPlace::NewHours => Box::new(new_hours()),
        SetupPlace::Week(name) => Box::new(WeekScreen::new(view, &name)),
        SetupPlace::HoursForm(name, day) => Box::new(hours_form(view, &name, day)?),
        SetupPlace::Holidays(name) => Box::new(List::new(Holidays::new(&name))),
        SetupPlace::NewHoliday(name) => Box::new(new_holiday(&name)),
    };
    Some(screen)
}
