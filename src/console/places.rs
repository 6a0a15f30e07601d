//! Which screens there are, and which opens where.

use crate::console::action::Place;
use crate::console::screen::Screen;
use crate::console::screens::bans::Bans;
use crate::console::screens::bells::Bells;
use crate::console::screens::call::call::Call;
use crate::console::screens::call::dial::Dial;
use crate::console::screens::call::filter::Filter;
use crate::console::screens::call::history::History;
use crate::console::screens::call::ladder::Ladder;
use crate::console::screens::call::now::Now;
use crate::console::screens::change::Change;
use crate::console::screens::changes::Changes;
use crate::console::screens::conversation::cases::Cases;
use crate::console::screens::conversation::cases_filter::CasesFilterSlip;
use crate::console::screens::conversation::conversation::OneConversation;
use crate::console::screens::conversation::conversations::Conversations;
use crate::console::screens::conversation::customer::Customer;
use crate::console::screens::conversation::customer_filter::CustomerFilterSlip;
use crate::console::screens::conversation::customers::Customers;
use crate::console::screens::conversation::filter::ConversationFilterSlip;
use crate::console::screens::conversation::merge::Merge;
use crate::console::screens::conversation::missed::Missed;
use crate::console::screens::conversation::note::Note;
use crate::console::screens::conversation::profile::Profile;
use crate::console::screens::conversation::wish::WishSlip;
use crate::console::screens::form::list::List;
use crate::console::screens::form::paper::Paper;
use crate::console::screens::form::slip::Sent;
use crate::console::screens::form::tabs::Tabs;
use crate::console::screens::hours::hours::HoursList;
use crate::console::screens::myself::Myself;
use crate::console::screens::number::claim::Claim;
use crate::console::screens::number::copy::Copy;
use crate::console::screens::number::number;
use crate::console::screens::number::numbers::Numbers;
use crate::console::screens::number::page::NumberPage;
use crate::console::screens::people::devices::Devices;
use crate::console::screens::people::people::People;
use crate::console::screens::people::person;
use crate::console::screens::people::team::{new_team, team};
use crate::console::screens::policies::Policies;
use crate::console::screens::recordings::Recordings;
use crate::console::screens::sounds::Sounds;
use crate::console::screens::statistics::filter::StatsFilterSlip;
use crate::console::screens::statistics::statistics::Statistics;
use crate::console::screens::trunk::trunk::{new_trunk, trunk};
use crate::console::screens::trunk::trunks::Trunks;
use crate::console::screens::voicemail::Voicemail;
use crate::console::screens::workflow::workflows::Workflows;
use crate::console::setup_places;
use crate::console::view::View;

/// Names of the bar's screens; their places are their keys.
pub(crate) const BAR: [(&str, &str); 8] = [
    ("지금", "Now"),
    ("번호", "Numbers"),
    ("사람", "People"),
    ("회선", "Trunks"),
    ("정책", "Rules"),
    ("기록", "History"),
    ("실행 취소", "Undo"),
    ("상담", "Conversations"),
];

/// The bar's screens, in its order.
pub(crate) fn roots() -> Vec<Box<dyn Screen>> {
    let conversations = Tabs::new(
        ("부재중", "Missed", Box::new(List::<Missed>::default())),
        [
            ("모든 상담", "All", Box::new(List::<Conversations>::default()) as Box<dyn Screen>),
            ("고객", "Customers", Box::new(List::<Customers>::default())),
            ("케이스", "Cases", Box::new(List::<Cases>::default())),
        ],
    );
    let history = Tabs::new(
        ("통화", "Calls", Box::new(List::<History>::default())),
        [
            ("녹음", "Recordings", Box::new(List::<Recordings>::default()) as Box<dyn Screen>),
            ("음성 사서함", "Voicemail", Box::new(List::<Voicemail>::default())),
            ("통계", "Figures", Box::new(Paper::new(Statistics::default()))),
        ],
    );
    vec![
        Box::new(Now::default()),
        Box::new(List::<Numbers>::default()),
        Box::new(People::default()),
        Box::new(List::<Trunks>::default()),
        Box::new(rules()),
        Box::new(history),
        Box::new(List::<Changes>::default()),
        Box::new(conversations),
    ]
}

/// What holds for the office, by kind.
fn rules() -> Tabs {
    Tabs::new(
        ("정책", "Rules", Box::new(List::<Policies>::default())),
        [
            ("운영시간", "Hours", Box::new(List::<HoursList>::default()) as Box<dyn Screen>),
            ("워크플로우", "Workflows", Box::new(List::<Workflows>::default())),
            ("소리", "Sounds", Box::new(List::<Sounds>::default())),
            ("벨", "Bells", Box::new(List::<Bells>::default())),
            ("보안", "Security", Box::new(List::<Bans>::default())),
        ],
    )
}

/// None: what it would show is gone.
pub(crate) fn screen(view: &View<'_>, place: Place) -> Option<Box<dyn Screen>> {
    let screen: Box<dyn Screen> = match place {
        Place::Claim => Box::new(List::<Claim>::default()),
        Place::NewNumber(free) => Box::new(number::new_number(view, &free)),
        Place::Number(id) => Box::new(List::new(NumberPage::new(&id))),
        Place::CopyNumber(id) => Box::new(List::new(Copy::new(&id))),
        Place::NewAgent => Box::new(person::new_agent()),
        Place::Agent(id) => Box::new(person::agent(view, &id)?),
        Place::Devices(id) => Box::new(List::new(Devices::new(&id))),
        Place::NewTeam => Box::new(new_team(view)),
        Place::Team(id) => Box::new(team(view, &id)?),
        Place::NewTrunk => Box::new(new_trunk()),
        Place::Trunk(id) => Box::new(trunk(view, &id)?),
        Place::Dial(to) => Box::new(Sent::new(view, Dial { to })),
        Place::Call(id) => Box::new(Paper::new(Call::new(id))),
        Place::Change(id) => Box::new(Paper::new(Change::new(id))),
        Place::Filter(now) => Box::new(Sent::new(view, Filter { now })),
        Place::Conversation(id) => Box::new(List::new(OneConversation::new(id))),
        Place::Note(id, entry) => Box::new(Paper::new(Note::new(id, entry))),
        Place::Wish(all, kind) => Box::new(Sent::new(view, WishSlip::new(all, kind))),
        Place::ConversationFilter(now) => Box::new(Sent::new(view, ConversationFilterSlip { now })),
        Place::Myself(errand) => Box::new(List::new(Myself::new(errand))),
        Place::Customer(number) => Box::new(List::new(Customer::new(&number))),
        Place::Profile(number) => Box::new(Sent::new(view, Profile::new(&number))),
        Place::Merge(number) => Box::new(List::new(Merge::new(&number))),
        Place::Ladder(call) => Box::new(Paper::new(Ladder::new(call))),
        Place::StatsFilter(now) => Box::new(Sent::new(view, StatsFilterSlip { now })),
        Place::CasesFilter(now) => Box::new(Sent::new(view, CasesFilterSlip { now })),
        Place::CustomerFilter(now) => Box::new(Sent::new(view, CustomerFilterSlip { now })),
        Place::Setup(place) => return setup_places::screen(view, place),
    };
    Some(screen)
}
