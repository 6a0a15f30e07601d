//! What the office is set up to do and should look at.

use crate::doctor::finding::Finding;
use crate::office::warnings::{Concern, Warning};
use crate::words::Words;

/// L161
pub(crate) fn below_target(warning: Words) -> Finding {
    let fix = Words::new(
        "naru stats와 naru conversations --missed를 보세요. 목표는 사무실 파일의 policies.targets에 있습니다",
        "look at naru stats and naru conversations --missed; the targets are policies.targets in the office file",
    );
    Finding::doubtful(warning, fix)
}

pub(crate) fn warning(warning: &Warning) -> Finding {
    let fix = match warning.concern {
        Concern::WrapUpTwice | Concern::WrapUpBeside => Words::new(
            "사무실 파일의 policies.wrap_up과 이 워크플로우를 함께 보세요",
            "look at policies.wrap_up and this workflow in the office file",
        ),
        Concern::RingsNowhere => Words::new(
            "사무실 파일에서 이 매니저의 devices와 phone_calls를 보세요",
            "look at this agent's devices and phone_calls in the office file",
        ),
        Concern::HolidaysOver => Words::new(
            "사무실 파일에서 지난 휴일을 지우세요",
            "take holidays that are over out of the office file",
        ),
        Concern::NeverRuns => Words::new(
            "사무실 파일에서 번호의 route를 보세요",
            "look at the routes of numbers in the office file",
        ),
    };
    Finding::doubtful(warning.message.clone(), fix)
}
