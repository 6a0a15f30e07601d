//! Who may speak to the office, and where its phones are found.

#[cfg(test)]
mod gate;
#[cfg(test)]
mod model;
#[cfg(test)]
mod phone;
#[cfg(test)]
mod registrar;
#[cfg(test)]
mod trunk;
