//! Which screen is opened for which place, of those that set the office up.

use crate::console::screen::Screen;
use crate::console::screens::bells::{bell, new_bell};
use crate::console::screens::form::list::List;
use crate::console::screens::form::paper::Paper;
use crate::console::screens::form::slip::Sent;
use crate::console::screens::hours::holiday_file::HolidayFileSlip;
use crate::console::screens::hours::holidays::{Holidays, new_holiday};
use crate::console::screens::hours::hours_form::{hours_form, new_hours};
use crate::console::screens::hours::week::WeekScreen;
use crate::console::screens::number::document::NumberDocumentSlip;
use crate::console::screens::number::number::number_form;
use crate::console::screens::number::voices::{Voices, voice_form};
use crate::console::screens::people::device::device;
use crate::console::screens::people::presence::PresenceSlip;
use crate::console::screens::policies::policies;
use crate::console::screens::targets::{new_target, target};
use crate::console::screens::trunk::test::TrunkTestPage;
use crate::console::screens::workflow::edit::WorkflowEdit;
use crate::console::screens::workflow::workflow::WorkflowPage;
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
        SetupPlace::HolidayFile(hours) => Box::new(Sent::new(view, HolidayFileSlip { hours })),
        SetupPlace::Presence(extension) => {
            Box::new(Sent::new(view, PresenceSlip::new(view, &extension)))
        }
        SetupPlace::NumberForm(number, path) => Box::new(number_form(view, &number, &path)?),
        SetupPlace::Voices(number, situation) => {
            Box::new(List::new(Voices::new(&number, situation)))
        }
        SetupPlace::Voice(number, situation, language) => {
            Box::new(voice_form(view, &number, situation, language)?)
        }
        SetupPlace::Policies(path) => Box::new(policies(view, &path)?),
        SetupPlace::Device(extension, username) => Box::new(device(view, &extension, &username)?),
        SetupPlace::WorkflowEdit(name) => {
            let edit = || WorkflowEdit::new_one(view);
            Box::new(Paper::new(name.map_or_else(edit, |name| WorkflowEdit::of(&name))))
        }
        SetupPlace::NumberDocument(number) => {
            Box::new(Sent::new(view, NumberDocumentSlip { number }))
        }
        SetupPlace::NewTarget => Box::new(new_target()),
        SetupPlace::Target(item) => Box::new(target(&item)),
        SetupPlace::NewBell => Box::new(new_bell()),
        SetupPlace::Bell(item) => Box::new(bell(&item)),
        SetupPlace::TrunkTest(name) => Box::new(Paper::new(TrunkTestPage::new(&name))),
        SetupPlace::Workflow(name) => Box::new(List::new(WorkflowPage::new(view, &name))),
    };
    Some(screen)
}
