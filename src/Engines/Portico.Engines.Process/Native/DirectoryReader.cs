using System.Runtime.InteropServices;

namespace Portico.Engines.Process.Native;

/// <summary>Lists a directory that strangers wrote. Unlike .NET's own lists, it looks at nothing that links lead to.</summary>
internal static unsafe partial class DirectoryReader
{
    // struct dirent { ino_t; off_t; unsigned short length; unsigned char type; char name[]; }, on every 64-bit Linux
    private const int TypeOffset = 18, NameOffset = 19;
    private const byte TypeUnknown = 0, TypeDirectory = 4, TypeLink = 10;

    /// <param name="most">Where to stop.</param>
    /// <exception cref="IOException">It is no directory, or a link to one, or cannot be read.</exception>
    public static IReadOnlyList<DirectoryName> Read(string directory, int most)
    {
        var descriptor = Libc.Open(directory, Libc.OpenDirectory | Libc.OpenNoFollow | Libc.OpenCloseOnExec, 0);
        var stream = descriptor < 0 ? 0 : Open(descriptor);
        if (stream == 0)
        {
            var problem = Marshal.GetLastPInvokeErrorMessage();
            _ = descriptor < 0 ? 0 : Libc.Close(descriptor);
            throw new IOException($"Cannot list {directory}: {problem}");
        }
        try
        {
            return Read(directory, stream, most);
        }
        finally
        {
            _ = Close(stream);
        }
    }

    private static List<DirectoryName> Read(string directory, nint stream, int most)
    {
        List<DirectoryName> names = [];
        while (names.Count < most && Next(stream) is not 0 and var entry)
        {
            var name = Marshal.PtrToStringUTF8(entry + NameOffset)!;
            if (name is not ("." or ".."))
                names.Add(new DirectoryName(name, KindOf(*(byte*)(entry + TypeOffset), directory, name)));
        }
        return names;
    }

    /// <summary>Some file systems do not say in a list what a name is.</summary>
    private static FileKind KindOf(byte type, string directory, string name) => type switch
    {
        TypeDirectory => FileKind.Directory,
        TypeLink => FileKind.Link,
        TypeUnknown => Libc.KindOf($"{directory}/{name}") ?? FileKind.Other,
        _ => FileKind.Other,
    };

    [LibraryImport("libc", EntryPoint = "fdopendir", SetLastError = true)]
    private static partial nint Open(int descriptor);

    [LibraryImport("libc", EntryPoint = "readdir")]
    private static partial nint Next(nint stream);

    [LibraryImport("libc", EntryPoint = "closedir")]
    private static partial int Close(nint stream);
}

internal readonly record struct DirectoryName(string Name, FileKind Kind);
