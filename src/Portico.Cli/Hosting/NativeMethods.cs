using System.Runtime.InteropServices;

namespace Portico.Cli.Hosting;

internal static partial class NativeMethods
{
    public const int ErrorInterrupted = 4;
    public const int ErrorAgain = 11;
    public const int ErrorBrokenPipe = 32;

    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    public static unsafe partial nint Write(int descriptor, byte* data, nint count);

    [LibraryImport("libc", EntryPoint = "tcgetattr")]
    public static unsafe partial int GetTerminal(int descriptor, byte* settings);

    [LibraryImport("libc", EntryPoint = "tcsetattr")]
    public static unsafe partial int SetTerminal(int descriptor, int when, byte* settings);

    [LibraryImport("libc", EntryPoint = "cfmakeraw")]
    public static unsafe partial void MakeRaw(byte* settings);
}
