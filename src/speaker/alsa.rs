//! The few functions of alsa-lib that playing needs, found when the daemon runs.
//!
//! The library is opened by name and never linked, so that naru starts on a machine without it. All
//! `unsafe` of the room is in this file; what leaves it is safe.

#![expect(unsafe_code, reason = "alsa-lib is C, and is looked up at run time")]

use std::ffi::{CStr, CString, c_char, c_int, c_long, c_uint, c_ulong, c_void};
use std::ptr;
use std::sync::Arc;
use std::time::Duration;

use libloading::{Library, Symbol};
use tracing::debug;

/// The name that every version of the last twenty years has.
const SONAME: &str = "libasound.so.2";

/// Constants of `alsa/pcm.h`.
const PLAYBACK: c_int = 0;
const NONBLOCK: c_int = 1;
const ACCESS_RW_INTERLEAVED: c_int = 3;
const FORMAT_S16_LE: c_int = 2;

/// An error number of alsa-lib, negative as it comes, with its words.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{words}")]
pub struct AlsaError {
    pub code: i32,
    pub words: String,
}

#[derive(Debug, thiserror::Error)]
#[error("alsa-lib cannot be used: {0}")]
pub struct NoAlsa(#[from] libloading::Error);

type Handle = *mut c_void;
type Params = *mut c_void;
type MakeParams = unsafe extern "C" fn(*mut Params) -> c_int;
type FreeParams = unsafe extern "C" fn(Params);
type OnParams = unsafe extern "C" fn(Handle, Params) -> c_int;
type SetInt = unsafe extern "C" fn(Handle, Params, c_int) -> c_int;
type SetUint = unsafe extern "C" fn(Handle, Params, c_uint) -> c_int;
type NearUint = unsafe extern "C" fn(Handle, Params, *mut c_uint, *mut c_int) -> c_int;
type NearSize = unsafe extern "C" fn(Handle, Params, *mut c_ulong) -> c_int;
type NearPeriod = unsafe extern "C" fn(Handle, Params, *mut c_ulong, *mut c_int) -> c_int;
type SetSize = unsafe extern "C" fn(Handle, Params, c_ulong) -> c_int;
type OnHandle = unsafe extern "C" fn(Handle) -> c_int;
/// `snd_local_error_handler_t`. Its last argument is a `va_list`, which the calling conventions of
/// our machines (x86-64 and AArch64, System V) hand over as a pointer.
type ErrorHandler =
    unsafe extern "C" fn(*const c_char, c_int, *const c_char, c_int, *const c_char, *mut c_void);

/// The functions, as `alsa/pcm.h` and `alsa/error.h` declare them.
#[derive(Debug)]
struct Functions {
    open: unsafe extern "C" fn(*mut Handle, *const c_char, c_int, c_int) -> c_int,
    close: OnHandle,
    drop: OnHandle,
    hw_malloc: MakeParams,
    hw_free: FreeParams,
    hw_any: OnParams,
    hw_access: SetInt,
    hw_format: SetInt,
    hw_channels_near: unsafe extern "C" fn(Handle, Params, *mut c_uint) -> c_int,
    hw_resample: SetUint,
    hw_rate_near: NearUint,
    hw_period_near: NearPeriod,
    hw_buffer_near: NearSize,
    hw_install: OnParams,
    sw_malloc: MakeParams,
    sw_free: FreeParams,
    sw_current: OnParams,
    sw_start: SetSize,
    sw_avail: SetSize,
    sw_install: OnParams,
    wait: unsafe extern "C" fn(Handle, c_int) -> c_int,
    write: unsafe extern "C" fn(Handle, *const c_void, c_ulong) -> c_long,
    recover: unsafe extern "C" fn(Handle, c_int, c_int) -> c_int,
    strerror: unsafe extern "C" fn(c_int) -> *const c_char,
    local_errors: unsafe extern "C" fn(Option<ErrorHandler>) -> Option<ErrorHandler>,
}

/// alsa-lib, loaded.
#[derive(Clone, Debug)]
pub struct Alsa {
    functions: Arc<Functions>,
    /// Keeps the functions where they are.
    _library: Arc<Library>,
}

impl Alsa {
    /// # Errors
    /// When the machine has no alsa-lib, or one that lacks a function.
    pub fn load() -> Result<Self, NoAlsa> {
        Self::load_from(SONAME)
    }

    /// As [`Self::load`], from a library of another name.
    ///
    /// # Errors
    /// The same.
    pub fn load_from(name: &str) -> Result<Self, NoAlsa> {
        // SAFETY: alsa-lib's initialisers only set up its own tables.
        let library = unsafe { Library::new(name)? };
        // SAFETY: the types above are those of alsa-lib's headers, whose ABI has been stable since
        // 0.9; the library stays loaded as long as this value.
        let functions = unsafe { Functions::find(&library)? };
        Ok(Self { functions: Arc::new(functions), _library: Arc::new(library) })
    }

    /// From here on what alsa-lib wants to say on this thread goes to the diary, not to stderr.
    pub fn keep_quiet_here(&self) {
        // SAFETY: the handler is a function for ever, and touches nothing but its arguments.
        unsafe { (self.functions.local_errors)(Some(complaint)) };
    }

    /// Opens a card for playing, one channel if it can, at `rate` or as near as it goes.
    ///
    /// # Errors
    /// When there is no such card, another program has it, or it cannot play 16-bit samples.
    pub fn open(&self, name: &str, wish: Wish) -> Result<Pcm, AlsaError> {
        let Ok(name) = CString::new(name) else {
            return Err(self.error(-22));
        };
        let mut handle = ptr::null_mut();
        // SAFETY: both pointers are valid for the call; the handle is ours on success.
        let opened =
            unsafe { (self.functions.open)(&raw mut handle, name.as_ptr(), PLAYBACK, NONBLOCK) };
        self.checked(opened)?;
        let mut pcm =
            Pcm { alsa: self.clone(), handle, rate: wish.rate, channels: 1, period: 0, buffer: 0 };
        pcm.set_hardware(wish)?;
        pcm.set_software()?;
        Ok(pcm)
    }

    fn checked(&self, result: c_int) -> Result<c_int, AlsaError> {
        if result < 0 { Err(self.error(result)) } else { Ok(result) }
    }

    fn error(&self, code: c_int) -> AlsaError {
        // SAFETY: alsa-lib answers any number with a static text.
        let words = unsafe { CStr::from_ptr((self.functions.strerror)(code)) };
        AlsaError { code, words: words.to_string_lossy().into_owned() }
    }
}

/// How a card should play; it may not be able to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wish {
    /// Samples a second.
    pub rate: u32,
    /// Frames between two wake-ups, and frames kept ready.
    pub period: u32,
    pub buffer: u32,
}

/// A card that is open for playing.
#[derive(Debug)]
pub struct Pcm {
    alsa: Alsa,
    handle: Handle,
    rate: u32,
    channels: u32,
    period: u32,
    buffer: u32,
}

impl Pcm {
    #[must_use]
    pub fn rate(&self) -> u32 {
        self.rate
    }

    #[must_use]
    pub fn channels(&self) -> u32 {
        self.channels
    }

    /// Frames between two wake-ups.
    #[must_use]
    pub fn period(&self) -> u32 {
        self.period
    }

    /// Waits until a period can be written; `false` when that took longer than `patience`.
    ///
    /// # Errors
    /// An underrun, or that the card is gone.
    pub fn wait(&mut self, patience: Duration) -> Result<bool, AlsaError> {
        let millis = c_int::try_from(patience.as_millis()).unwrap_or(c_int::MAX);
        // SAFETY: the handle is open.
        let ready = unsafe { (self.alsa.functions.wait)(self.handle, millis) };
        self.alsa.checked(ready).map(|ready| ready > 0)
    }

    /// Writes whole frames (the channels' samples side by side) and returns how many were taken.
    ///
    /// # Errors
    /// An underrun, or that the card is gone.
    pub fn write(&mut self, samples: &[i16]) -> Result<usize, AlsaError> {
        let frames = samples.len() / self.channels as usize;
        // SAFETY: the handle is open, and the buffer holds that many frames.
        let written = unsafe {
            (self.alsa.functions.write)(self.handle, samples.as_ptr().cast(), frames as c_ulong)
        };
        usize::try_from(written).map_err(|_| self.alsa.error(written as c_int))
    }

    /// Makes the card play on after an underrun or a suspend.
    ///
    /// # Errors
    /// When it does not.
    pub fn recover(&mut self, error: &AlsaError) -> Result<(), AlsaError> {
        const SILENT: c_int = 1;
        // SAFETY: the handle is open.
        let done = unsafe { (self.alsa.functions.recover)(self.handle, error.code, SILENT) };
        self.alsa.checked(done).map(|_| ())
    }

    fn set_hardware(&mut self, wish: Wish) -> Result<(), AlsaError> {
        let functions = Arc::clone(&self.alsa.functions);
        let params = ParamsBox::new(&self.alsa, functions.hw_malloc, functions.hw_free)?;
        let (handle, params) = (self.handle, params.params);
        let mut direction = 0;
        let (mut period, mut buffer) = (c_ulong::from(wish.period), c_ulong::from(wish.buffer));
        // SAFETY: handle and parameters are alive, and every pointer is to a local of its type.
        unsafe {
            let check = |result| self.alsa.checked(result);
            check((functions.hw_any)(handle, params))?;
            check((functions.hw_access)(handle, params, ACCESS_RW_INTERLEAVED))?;
            check((functions.hw_format)(handle, params, FORMAT_S16_LE))?;
            check((functions.hw_channels_near)(handle, params, &raw mut self.channels))?;
            // Our own resampler is better than the one that alsa-lib has without plug-ins.
            check((functions.hw_resample)(handle, params, 0))?;
            check((functions.hw_rate_near)(
                handle,
                params,
                &raw mut self.rate,
                &raw mut direction,
            ))?;
            check((functions.hw_period_near)(handle, params, &raw mut period, &raw mut direction))?;
            check((functions.hw_buffer_near)(handle, params, &raw mut buffer))?;
            check((functions.hw_install)(handle, params))?;
        }
        self.period = u32::try_from(period).unwrap_or(wish.period).max(1);
        self.buffer = u32::try_from(buffer).unwrap_or(wish.buffer).max(self.period);
        self.channels = self.channels.max(1);
        Ok(())
    }

    fn set_software(&mut self) -> Result<(), AlsaError> {
        let functions = Arc::clone(&self.alsa.functions);
        let params = ParamsBox::new(&self.alsa, functions.sw_malloc, functions.sw_free)?;
        let (handle, params) = (self.handle, params.params);
        let start = self.buffer.saturating_sub(self.period).max(self.period);
        // SAFETY: handle and parameters are alive.
        unsafe {
            let check = |result| self.alsa.checked(result);
            check((functions.sw_current)(handle, params))?;
            check((functions.sw_start)(handle, params, start.into()))?;
            check((functions.sw_avail)(handle, params, self.period.into()))?;
            check((functions.sw_install)(handle, params))?;
        }
        Ok(())
    }
}

impl Drop for Pcm {
    fn drop(&mut self) {
        // SAFETY: the handle is open and not used again. What has not been heard yet is silence.
        let closed = unsafe {
            (self.alsa.functions.drop)(self.handle);
            (self.alsa.functions.close)(self.handle)
        };
        if let Err(error) = self.alsa.checked(closed) {
            debug!(%error, "a sound card did not close");
        }
    }
}

/// Parameters that are freed whatever happens.
struct ParamsBox {
    params: Params,
    free: FreeParams,
}

impl ParamsBox {
    fn new(alsa: &Alsa, make: MakeParams, free: FreeParams) -> Result<Self, AlsaError> {
        let mut params = ptr::null_mut();
        // SAFETY: the pointer is to a local; what is made is freed with the function beside it.
        alsa.checked(unsafe { make(&raw mut params) })?;
        Ok(Self { params, free })
    }
}

impl Drop for ParamsBox {
    fn drop(&mut self) {
        // SAFETY: made by the function that belongs to this one, and freed once.
        unsafe { (self.free)(self.params) }
    }
}

impl Functions {
    /// # Safety
    /// The library must be alsa-lib, and outlive the functions.
    unsafe fn find(library: &Library) -> Result<Self, libloading::Error> {
        macro_rules! find {
            ($($field:ident: $name:literal,)*) => {
                // SAFETY: each field has the type that the headers give the function.
                unsafe {
                    Ok(Self { $($field: {
                        let found: Symbol<'_, _> = library.get($name.to_bytes_with_nul())?;
                        *found
                    },)* })
                }
            };
        }
        find! {
            open: c"snd_pcm_open",
            close: c"snd_pcm_close",
            drop: c"snd_pcm_drop",
            hw_malloc: c"snd_pcm_hw_params_malloc",
            hw_free: c"snd_pcm_hw_params_free",
            hw_any: c"snd_pcm_hw_params_any",
            hw_access: c"snd_pcm_hw_params_set_access",
            hw_format: c"snd_pcm_hw_params_set_format",
            hw_channels_near: c"snd_pcm_hw_params_set_channels_near",
            hw_resample: c"snd_pcm_hw_params_set_rate_resample",
            hw_rate_near: c"snd_pcm_hw_params_set_rate_near",
            hw_period_near: c"snd_pcm_hw_params_set_period_size_near",
            hw_buffer_near: c"snd_pcm_hw_params_set_buffer_size_near",
            hw_install: c"snd_pcm_hw_params",
            sw_malloc: c"snd_pcm_sw_params_malloc",
            sw_free: c"snd_pcm_sw_params_free",
            sw_current: c"snd_pcm_sw_params_current",
            sw_start: c"snd_pcm_sw_params_set_start_threshold",
            sw_avail: c"snd_pcm_sw_params_set_avail_min",
            sw_install: c"snd_pcm_sw_params",
            wait: c"snd_pcm_wait",
            write: c"snd_pcm_writei",
            recover: c"snd_pcm_recover",
            strerror: c"snd_strerror",
            local_errors: c"snd_lib_error_set_local",
        }
    }
}

/// What alsa-lib would have printed. Its arguments are left out: the error that the caller gets
/// says what matters.
unsafe extern "C" fn complaint(
    _file: *const c_char,
    line: c_int,
    function: *const c_char,
    code: c_int,
    format: *const c_char,
    _arguments: *mut c_void,
) {
    let text = |words: *const c_char| {
        if words.is_null() {
            return String::new();
        }
        // SAFETY: alsa-lib hands over C strings that live during the call.
        unsafe { CStr::from_ptr(words) }.to_string_lossy().into_owned()
    };
    debug!(function = text(function), line, code, said = text(format), "alsa-lib complains");
}
