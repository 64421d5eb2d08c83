using System.Runtime.InteropServices;

namespace Portico.Cli.Hosting;

internal static partial class NativeMethods
{
    public const int ErrorInterrupted = 4;
    public const int ErrorAgain = 11;
    public const int ErrorBrokenPipe = 32;

    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    public static unsafe partial nint Write(int descriptor, byte* data, nint count);
}
