//! Workflows at the console: written in an editor, mended, saved, put in order.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use crate::network::Network;
use crate::office::of_two;
use crate::screen::Screen;
use crate::site::Site;
use crate::waiting::{SOON, wait_for};

fn with_workflows(network: Network) -> String {
    of_two(network)
        + "workflows:
  - name: first
    trigger: customer_called
    steps: [{name: hello, say: greeting, next: away}, {name: away, hang_up: missed}]
  - {name: second, trigger: call_ended, delay: 1h, steps: [{name: close, conversation: close, next: end}]}
"
}

/// An editor that makes a mistake, sees it told, and mends it.
const EDITOR: &str = "#!/bin/sh
stty -a | grep -q ' icanon' || exit 9
if grep -q '#! ✕ .*awya' \"$1\"; then
  sed -i 's/awya/away/; s/say: greeting/say: closed/' \"$1\"
else
  sed -i 's/next: \"away\"/next: \"awya\"/' \"$1\"
fi
";

fn editor(site: &Site) -> String {
    let path = site.path("editor");
    fs::write(&path, EDITOR).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
    path.display().to_string()
}

#[test]
fn a_workflow_is_written_in_an_editor_and_its_faults_are_told_until_it_is_right() {
    let site = Site::open(with_workflows);
    let environment = format!("-u VISUAL EDITOR={}", editor(&site));
    let screen = Screen::with(&site, (80, 24), &environment, "--language en");
    let before = site.naru(&["export"]);
    screen.press("5");
    ["Tab", "Tab"].into_iter().for_each(|key| screen.press(key));
    screen.shows("first");
    screen.press("e");
    screen.shows("it cannot be saved yet");
    screen.shows("line 5  steps[0]");
    screen.shows("awya");
    assert_eq!(site.naru(&["export"]), before, "nothing is saved by itself");
    // The reason stands in the text; without the fault it is mended.
    screen.press("e");
    screen.shows("it can be saved like this");
    screen.shows("step 'hello': say: the greeting");
    screen.press("Enter");
    screen.hides("Editing the workflow");
    screen.shows("saved");
    assert!(site.naru(&["export"]).contains("say: closed"));
    screen.shows("1 Now");
    // In the order in which they are asked.
    // "saved" may still stand there from before.
    screen.press("]");
    wait_for("the second workflow to come first", SOON, || {
        let exported = site.naru(&["export"]);
        let place = |name: &str| exported.find(&format!("name: \"{name}\""));
        (place("second") < place("first")).then_some(())
    });
    screen.press("o");
    screen.shows("○ off");
    assert!(site.naru(&["export"]).contains("active: false"));
}

/// Over a bare connection there may be none.
#[test]
fn without_an_editor_the_console_says_what_to_do() {
    let site = Site::open(with_workflows);
    let bare = "-u VISUAL -u EDITOR PATH=/nowhere";
    let screen = Screen::with(&site, (80, 24), bare, "--language en");
    screen.press("5");
    ["Tab", "Tab"].into_iter().for_each(|key| screen.press(key));
    screen.shows("first");
    screen.press("e");
    screen.shows("there is no editor here: install nano");
    screen.shows("naru export");
    screen.press("Escape");
    screen.press("n");
    screen.shows("there is no editor here");
}
