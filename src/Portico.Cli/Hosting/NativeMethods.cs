using System.Runtime.InteropServices;

namespace Portico.Cli.Hosting;

internal static partial class NativeMethods
{
    public const int ErrorInterrupted = 4;
    public const int ErrorAgain = 11;
    public const int ErrorBrokenPipe = 32;

    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    public static unsafe partial nint Write(int descriptor, byte* data, nint count);

    [LibraryImport("libc", EntryPoint = "realpath", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint RealPath(string path, nint buffer);

    [LibraryImport("libc", EntryPoint = "free")]
    private static partial void Free(nint memory);

    /// <summary>Returns the path without symbolic links, <c>.</c> and <c>..</c>; null when it does not exist.</summary>
    public static string? RealPath(string path)
    {
        var memory = RealPath(path, 0);
        if (memory == 0)
            return null;
        try
        {
            return Marshal.PtrToStringUTF8(memory);
        }
        finally
        {
            Free(memory);
        }
    }
}
