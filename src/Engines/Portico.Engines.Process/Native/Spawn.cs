using System.ComponentModel;
using System.Runtime.InteropServices;

namespace Portico.Engines.Process.Native;

/// <summary>
/// Starts a program that keeps running when this process ends: in its own session, without a terminal, with its output appended
/// to a file. <see cref="System.Diagnostics.Process"/> supports none of these.
/// </summary>
internal static unsafe partial class Spawn
{
    // Larger than any C library needs for these opaque types.
    private const int OpaqueSize = 1024;
    private const short ResetSignals = 0x04, SetSignalMask = 0x08, NewSession = 0x80;
    private const int FirstSignal = 1, LastSignal = 31, SigStop = 19;

    /// <returns>The process id. It is a child of this process and must be reaped.</returns>
    /// <exception cref="IOException">The system refused, for example because it is out of memory or processes.</exception>
    public static int Start(string program, IReadOnlyList<string> arguments, IReadOnlyList<string> environment, string logPath)
    {
        using var memory = new NativeStrings();
        var files = memory.Allocate(OpaqueSize);
        var attributes = memory.Allocate(OpaqueSize);
        Check(FilesInit(files), program);
        Check(AttributesInit(attributes), program);
        try
        {
            Check(AddOpen(files, 0, "/dev/null", 0, 0), program);
            Check(AddOpen(files, 1, logPath, Libc.OpenWriteOnly | Libc.OpenCreate | Libc.OpenAppend, 0x180), program);
            Check(AddDuplicate(files, 1, 2), program);
            SetCleanSignals(attributes, memory, program);
            Check(PosixSpawn(out var pid, program, files, attributes, memory.Array([program, .. arguments]), memory.Array(environment)), program);
            return pid;
        }
        finally
        {
            _ = FilesDestroy(files);
            _ = AttributesDestroy(attributes);
        }
    }

    /// <summary>Resets the signals. .NET ignores SIGPIPE and blocks some signals, which a child would inherit and misbehave.</summary>
    private static void SetCleanSignals(nint attributes, NativeStrings memory, string program)
    {
        var none = memory.Allocate(OpaqueSize);
        var all = memory.Allocate(OpaqueSize);
        Check(EmptySet(none), program);
        Check(EmptySet(all), program);
        for (var signal = FirstSignal; signal <= LastSignal; signal++)
            if (signal is not (Libc.SigKill or SigStop))
                Check(AddToSet(all, signal), program);
        Check(SetMask(attributes, none), program);
        Check(SetDefaults(attributes, all), program);
        Check(SetFlags(attributes, ResetSignals | SetSignalMask | NewSession), program);
    }

    private static void Check(int error, string program)
    {
        if (error != 0)
            throw new IOException($"Cannot start {program}: {new Win32Exception(error).Message}.", new Win32Exception(error));
    }

    [LibraryImport("libc", EntryPoint = "posix_spawn", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int PosixSpawn(out int pid, string path, nint files, nint attributes, nint arguments, nint environment);

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_init")]
    private static partial int FilesInit(nint files);

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_destroy")]
    private static partial int FilesDestroy(nint files);

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_addopen", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int AddOpen(nint files, int descriptor, string path, int flags, uint mode);

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_adddup2")]
    private static partial int AddDuplicate(nint files, int descriptor, int newDescriptor);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_init")]
    private static partial int AttributesInit(nint attributes);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_destroy")]
    private static partial int AttributesDestroy(nint attributes);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_setflags")]
    private static partial int SetFlags(nint attributes, short flags);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_setsigmask")]
    private static partial int SetMask(nint attributes, nint signals);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_setsigdefault")]
    private static partial int SetDefaults(nint attributes, nint signals);

    [LibraryImport("libc", EntryPoint = "sigemptyset")]
    private static partial int EmptySet(nint signals);

    [LibraryImport("libc", EntryPoint = "sigaddset")]
    private static partial int AddToSet(nint signals, int signal);

    /// <summary>Allocates native memory for the duration of one call.</summary>
    private sealed class NativeStrings : IDisposable
    {
        private readonly List<nint> _blocks = [];

        public nint Allocate(int size)
        {
            var block = (nint)NativeMemory.AllocZeroed((nuint)size);
            _blocks.Add(block);
            return block;
        }

        public nint Array(IReadOnlyList<string> values)
        {
            var array = Allocate((values.Count + 1) * nint.Size);
            for (var i = 0; i < values.Count; i++)
                Marshal.WriteIntPtr(array, i * nint.Size, Text(values[i]));
            return array;
        }

        public void Dispose() => _blocks.ForEach(block => NativeMemory.Free((void*)block));

        private nint Text(string value)
        {
            var bytes = System.Text.Encoding.UTF8.GetBytes(value);
            var block = Allocate(bytes.Length + 1);
            Marshal.Copy(bytes, 0, block, bytes.Length);
            return block;
        }
    }
}
