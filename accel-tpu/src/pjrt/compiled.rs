//! Compiled programs, on devices or ahead of time: what they cost, and what became of the program.

use super::abi::{self, Args, RawExecutable};
use super::api::{Api, bytes, named_values, string};
use super::error::Result;
use super::hlo::Hlo;
use super::options::Value;
use std::sync::Arc;

/// A compiled program.
pub struct Compiled {
    api: Arc<Api>,
    raw: *mut RawExecutable,
}

// SAFETY: the functions on executables may be called from any thread.
unsafe impl Send for Compiled {}
// SAFETY: as above.
unsafe impl Sync for Compiled {}

/// Memory that an executable needs on each device, in bytes, as the compiler planned it.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub struct Memory {
    /// Of the arguments.
    pub arguments: i64,
    /// Of the results.
    pub outputs: i64,
    /// Of results that take the place of arguments; contained in both.
    pub aliased: i64,
    /// Of intermediate values.
    pub temporaries: i64,
    /// Of the machine code.
    pub code: i64,
    /// The most at one time; 0 if the plugin does not tell.
    pub peak: i64,
}

impl Compiled {
    /// # Safety
    /// The executable is alive and given to the result.
    pub(super) unsafe fn new(api: Arc<Api>, raw: *mut RawExecutable) -> Compiled {
        Compiled { api, raw }
    }
    /// Its name: that of the module.
    pub fn name(&self) -> Result<String> {
        let mut args = abi::ExecutableName::new();
        args.executable = self.raw;
        // SAFETY: the executable is alive, and the text as long as it.
        unsafe {
            self.api.call(&abi::EXECUTABLE_NAME, &mut args)?;
            Ok(string(args.text, args.text_size))
        }
    }
    /// How many results it has on each device.
    pub fn outputs(&self) -> Result<usize> {
        let mut args = abi::ExecutableNumOutputs::new();
        args.executable = self.raw;
        // SAFETY: the executable is alive.
        unsafe { self.api.call(&abi::EXECUTABLE_NUM_OUTPUTS, &mut args) }?;
        Ok(args.count)
    }
    /// Bytes of machine code; 0 or less where the plugin does not count them.
    pub fn code_size(&self) -> Result<i64> {
        let mut args = abi::ExecutableCodeSize::new();
        args.executable = self.raw;
        // SAFETY: the executable is alive.
        unsafe { self.api.call(&abi::EXECUTABLE_CODE_SIZE, &mut args) }?;
        Ok(args.bytes)
    }
    /// What the compiler thinks of the costs, by name (`flops`, `bytes accessed`). Some plugins do not tell.
    pub fn cost(&self) -> Result<Vec<(String, Value)>> {
        let mut args = abi::ExecutableCost::new();
        args.executable = self.raw;
        // SAFETY: the executable is alive, and the list as long as it.
        unsafe {
            self.api.call(&abi::EXECUTABLE_COST, &mut args)?;
            Ok(named_values(args.properties, args.num_properties))
        }
    }
    /// The memory it needs.
    pub fn memory(&self) -> Result<Memory> {
        let mut args = abi::ExecutableMemory::new();
        args.executable = self.raw;
        // SAFETY: the executable is alive.
        unsafe { self.api.call(&abi::EXECUTABLE_MEMORY, &mut args) }?;
        Ok(Memory {
            arguments: args.arguments,
            outputs: args.outputs,
            aliased: args.aliased,
            temporaries: args.temporaries,
            code: args.generated_code,
            peak: args.peak,
        })
    }
    /// The program after all of XLA's passes.
    pub fn optimized(&self) -> Result<Hlo> {
        let (bytes, format) = self.optimized_bytes()?;
        Hlo::read(&bytes, &format)
    }
    /// The program after all of XLA's passes as bytes, and their format.
    pub fn optimized_bytes(&self) -> Result<(Vec<u8>, String)> {
        let mut program = abi::Program::new();
        let mut args = abi::ExecutableOptimized::new();
        args.executable = self.raw;
        args.program = &mut program;
        // SAFETY: the executable is alive; without a buffer the first call only tells the size.
        unsafe { self.api.call(&abi::EXECUTABLE_OPTIMIZED, &mut args) }?;
        let mut code = vec![0u8; program.code_size.max(1)];
        let size = program.code_size;
        program.code = code.as_mut_ptr().cast();
        // SAFETY: the buffer has the size that the plugin asked for; the text of the format lives as long as the executable.
        let format = unsafe {
            self.api.call(&abi::EXECUTABLE_OPTIMIZED, &mut args)?;
            string(program.format, program.format_size)
        };
        code.truncate(size);
        Ok((code, format))
    }
    /// As bytes for [`super::Client::deserialize`].
    pub fn serialize(&self) -> Result<Vec<u8>> {
        let mut args = abi::ExecutableSerialize::new();
        args.executable = self.raw;
        // SAFETY: the executable is alive; the bytes live until their owner is deleted.
        unsafe {
            self.api.call(&abi::EXECUTABLE_SERIALIZE, &mut args)?;
            let copy = bytes(args.bytes, args.bytes_size).to_vec();
            if let Some(delete) = args.deleter {
                delete(args.owner);
            }
            Ok(copy)
        }
    }
}

impl Drop for Compiled {
    fn drop(&mut self) {
        let mut args = abi::ExecutableDestroy::new();
        args.executable = self.raw;
        // SAFETY: the executable is alive and ours.
        unsafe { self.api.call_quietly(&abi::EXECUTABLE_DESTROY, &mut args) };
    }
}
