using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Portico.Api.Contracts.Platform;
using Portico.Hosting;

namespace Portico.Cli.Servers;

/// <summary>Checks whether the HTTP port is free, and which program uses it.</summary>
internal static class PortCheck
{
    public static bool IsFree(int port) => Failure(port) is null;

    /// <summary>Returns why the port cannot be bound; null when it can.</summary>
    public static SocketError? Failure(int port)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            // Bind as Kestrel does: connections in TIME_WAIT do not count as use.
            socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
            socket.Bind(new IPEndPoint(IPAddress.Any, port));
            socket.Listen(1);
            return null;
        }
        catch (SocketException error)
        {
            return error.SocketErrorCode;
        }
    }

    /// <summary>Whether this platform's own edge uses the port. An edge outlives its server.</summary>
    public static async Task<bool> IsOurEdgeAsync(PlatformPaths paths, CancellationToken cancellationToken)
    {
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(paths.EdgeSocket), cancellationToken);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    /// <summary>Returns a higher port that is free now.</summary>
    public static int Suggest(int taken)
    {
        var low = taken < 1024 ? 8080 : taken + 1;
        return Enumerable.Range(low, 100).FirstOrDefault(port => port <= 65535 && IsFree(port), 8081);
    }

    /// <summary>Returns for example <c>nginx (process 123)</c>; null when the program is unknown, for example because it belongs to another user.</summary>
    public static string? OwnerOf(int port)
    {
        if (!OperatingSystem.IsLinux() || ListeningInode(port) is not { } inode)
            return null;
        var link = $"socket:[{inode}]";
        foreach (var folder in DirectoryEntries.Directories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out var pid) && Holds(folder, link))
                return $"{NameOf(folder)} (process {pid})";
        }
        return null;
    }

    private static string? ListeningInode(int port)
    {
        var suffix = ":" + port.ToString("X4", CultureInfo.InvariantCulture);
        foreach (var table in new[] { "/proc/net/tcp", "/proc/net/tcp6" })
        {
            if (!File.Exists(table))
                continue;
            foreach (var line in File.ReadLines(table).Skip(1))
            {
                var fields = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
                if (fields.Length > 9 && fields[3] == "0A" && fields[1].EndsWith(suffix, StringComparison.Ordinal))
                    return fields[9];
            }
        }
        return null;
    }

    private static bool Holds(string process, string link)
    {
        try
        {
            return Directory.EnumerateFileSystemEntries(Path.Combine(process, "fd"))
                .Any(entry => new FileInfo(entry).LinkTarget == link);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static string NameOf(string process)
    {
        try
        {
            return File.ReadAllText(Path.Combine(process, "comm")).Trim();
        }
        catch (IOException)
        {
            return "a process";
        }
    }
}
