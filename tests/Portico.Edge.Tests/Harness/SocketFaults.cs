using System.Globalization;
using System.Runtime.InteropServices;

namespace Portico.Edge.Tests.Harness;

/// <summary>Breaks sockets of this process from below, as only a fault of the kernel or of foreign code would.</summary>
internal static class SocketFaults
{
    private const int Both = 2, OpenFiles = 7;

    /// <summary>Shuts down the socket that listens on the port: it never accepts again.</summary>
    public static void ShutDownListener(int port)
    {
        var address = $":{port:X4} ";
        var inode = new[] { "/proc/self/net/tcp", "/proc/self/net/tcp6" }.SelectMany(File.ReadLines)
            .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Single(fields => (fields[1] + ' ').EndsWith(address, StringComparison.Ordinal) && fields[3] == "0A")[9];
        var file = Directory.EnumerateFileSystemEntries("/proc/self/fd").Single(file => new FileInfo(file).LinkTarget == $"socket:[{inode}]");
        Assert.Equal(0, ShutDownSocket(int.Parse(Path.GetFileName(file), CultureInfo.InvariantCulture), Both));
    }

    /// <summary>Sets how many files a process may have open.</summary>
    public static void LimitOpenFiles(int process, ulong limit)
    {
        var limits = new[] { limit, 4096UL };
        Assert.Equal(0, SetLimit(process, OpenFiles, limits, 0));
    }

    public static int CountOpenFiles(int process) => Directory.GetFileSystemEntries($"/proc/{process}/fd").Length;

    [DllImport("libc", EntryPoint = "shutdown")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int ShutDownSocket(int socket, int how);

    [DllImport("libc", EntryPoint = "prlimit")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SetLimit(int process, int resource, ulong[] limits, nint old);
}
