using System.Runtime.InteropServices;
using System.Text;

namespace Portico.Engines.Process.Native;

/// <summary>System calls that .NET does not offer.</summary>
internal static unsafe partial class Libc
{
    public const int SigInt = 2;
    public const int SigKill = 9;
    public const int SigTerm = 15;
    public const int NoSuchProcess = 3;
    public const int OpenWriteOnly = 0x1, OpenCreate = 0x40, OpenAppend = 0x400, OpenCloseOnExec = 0x80000;
    public const int OpenPath = 0x200000;
    public const int NoSuchFile = 2, NotADirectory = 20, TooManyLinks = 40;
    public const int SeekData = 3;
    public const int PunchHole = 0x3;
    public const int PollIn = 1;

    /// <summary>The values of these two depend on the processor.</summary>
    public static int OpenDirectory { get; } = IsArm ? 0x4000 : 0x10000;

    public static int OpenNoFollow { get; } = IsArm ? 0x8000 : 0x20000;

    private static bool IsArm => RuntimeInformation.ProcessArchitecture is Architecture.Arm64;

    public const int NetworkNamespace = 0x40000000;

    private const string Library = "libc";
    private const long PidFdOpenCall = 434;

    [LibraryImport(Library, EntryPoint = "geteuid")]
    public static partial uint EffectiveUser();

    [LibraryImport(Library, EntryPoint = "kill", SetLastError = true)]
    public static partial int Kill(int pid, int signal);

    [LibraryImport(Library, EntryPoint = "waitpid", SetLastError = true)]
    public static partial int WaitPid(int pid, out int status, int options);

    [LibraryImport(Library, EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Open(string path, int flags, int mode);

    [LibraryImport(Library, EntryPoint = "openat", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int OpenAt(int directory, string name, int flags, int mode);

    [LibraryImport(Library, EntryPoint = "mkdirat", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int MakeDirectoryAt(int directory, string name, int mode);

    [LibraryImport(Library, EntryPoint = "close")]
    public static partial int Close(int descriptor);

    [LibraryImport(Library, EntryPoint = "write", SetLastError = true)]
    public static partial nint Write(int descriptor, byte* bytes, nint count);

    [LibraryImport(Library, EntryPoint = "read", SetLastError = true)]
    public static partial nint Read(int descriptor, byte* bytes, nint count);

    [LibraryImport(Library, EntryPoint = "lseek", SetLastError = true)]
    public static partial long Seek(int descriptor, long offset, int whence);

    [LibraryImport(Library, EntryPoint = "fallocate", SetLastError = true)]
    public static partial int Allocate(int descriptor, int mode, long offset, long length);

    [LibraryImport(Library, EntryPoint = "poll", SetLastError = true)]
    public static partial int Poll(PollDescriptor* descriptors, ulong count, int timeoutMilliseconds);

    [LibraryImport(Library, EntryPoint = "pipe2", SetLastError = true)]
    public static partial int Pipe(int* descriptors, int flags);

    [LibraryImport(Library, EntryPoint = "chown", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int ChangeOwner(string path, uint user, uint group);

    [LibraryImport(Library, EntryPoint = "rmdir", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int RemoveDirectory(string path);

    [LibraryImport(Library, EntryPoint = "access", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Access(string path, int mode);

    /// <summary>Gives the calling thread namespaces of its own.</summary>
    [LibraryImport(Library, EntryPoint = "unshare", SetLastError = true)]
    public static partial int Unshare(int flags);

    /// <summary>Moves the calling thread to another namespace.</summary>
    [LibraryImport(Library, EntryPoint = "setns", SetLastError = true)]
    public static partial int Enter(int descriptor, int type);

    [LibraryImport(Library, EntryPoint = "getpwnam", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint FindAccount(string name);

    [LibraryImport(Library, EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Stat(int directory, string path, int flags, uint mask, byte* buffer);

    [LibraryImport(Library, EntryPoint = "readlink", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint ReadLink(string path, byte* buffer, nint size);

    [LibraryImport(Library, EntryPoint = "syscall", SetLastError = true)]
    private static partial long SystemCall(long number, long first, long second);

    /// <summary>Returns a descriptor that becomes readable when the process ends; negative if the kernel does not support it.</summary>
    public static int OpenProcess(int pid) => (int)SystemCall(PidFdOpenCall, pid, 0);

    /// <summary>Returns the ids of an account; null if it does not exist.</summary>
    public static (uint User, uint Group)? AccountNumbers(string name)
    {
        // struct passwd { char *name; char *password; uid_t user; gid_t group; … }
        var account = FindAccount(name);
        return account == 0
            ? null
            : ((uint)Marshal.ReadInt32(account, 2 * nint.Size), (uint)Marshal.ReadInt32(account, (2 * nint.Size) + 4));
    }

    /// <summary>Returns the owner and permission bits of a path, following links; null if it does not exist.</summary>
    public static FileOwner? OwnerOf(string path)
    {
        const int CurrentDirectory = -100, UserAndModeMask = 0x1A, UserOffset = 20, GroupOffset = 24, ModeOffset = 28;
        var buffer = stackalloc byte[256];
        return Stat(CurrentDirectory, path, 0, UserAndModeMask, buffer) != 0
            ? null
            : new FileOwner(*(uint*)(buffer + UserOffset), *(uint*)(buffer + GroupOffset), (UnixFileMode)(*(ushort*)(buffer + ModeOffset) & 0xFFF));
    }

    /// <summary>Returns what a path is; null if it does not exist. A link at its end is not followed.</summary>
    public static FileKind? KindOf(string path)
    {
        const int CurrentDirectory = -100, NoFollow = 0x100, ModeOffset = 28, TypeShift = 12, Directory = 4, Link = 10;
        const uint TypeMask = 1;
        var buffer = stackalloc byte[256];
        if (Stat(CurrentDirectory, path, NoFollow, TypeMask, buffer) != 0)
            return null;
        return (*(ushort*)(buffer + ModeOffset) >> TypeShift) switch
        {
            Directory => FileKind.Directory,
            Link => FileKind.Link,
            _ => FileKind.Other,
        };
    }

    /// <summary>Returns what a link contains; null if the path is no link.</summary>
    public static string? LinkTarget(string path)
    {
        const int LongestPath = 4096;
        var buffer = stackalloc byte[LongestPath];
        var length = ReadLink(path, buffer, LongestPath);
        return length < 0 ? null : Encoding.UTF8.GetString(buffer, (int)length);
    }

    /// <summary>Returns how much space a file uses on its device, without holes and following links; null if it does not exist.</summary>
    public static FileUsage? FileUsage(string path)
    {
        const int CurrentDirectory = -100, BlockSize = 512, BlocksOffset = 48, DeviceOffset = 136;
        const uint BlocksMask = 0x400;
        var buffer = stackalloc byte[256];
        return Stat(CurrentDirectory, path, 0, BlocksMask, buffer) != 0
            ? null
            : new FileUsage(*(long*)(buffer + BlocksOffset) * BlockSize, *(ulong*)(buffer + DeviceOffset));
    }

    [StructLayout(LayoutKind.Sequential)]
    public struct PollDescriptor
    {
        public int Descriptor;
        public short Events;
        public short Returned;
    }
}

internal readonly record struct FileUsage(long Bytes, ulong Device);

internal readonly record struct FileOwner(uint User, uint Group, UnixFileMode Mode);
