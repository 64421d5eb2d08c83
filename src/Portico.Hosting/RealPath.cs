using System.Runtime.InteropServices;

namespace Portico.Hosting;

/// <summary>Resolves all symbolic links in a path, and <c>.</c> and <c>..</c>, as <c>realpath(3)</c> does.</summary>
public static partial class RealPath
{
    /// <returns>Null if a part of the path does not exist or may not be searched, or if the links form a loop.</returns>
    public static string? Resolve(string path)
    {
        var resolved = Resolve(path, 0);
        if (resolved == 0)
            return null;
        try
        {
            return Marshal.PtrToStringUTF8(resolved);
        }
        finally
        {
            Free(resolved);
        }
    }

    [LibraryImport("libc", EntryPoint = "realpath", StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint Resolve(string path, nint buffer);

    [LibraryImport("libc", EntryPoint = "free")]
    private static partial void Free(nint memory);
}
