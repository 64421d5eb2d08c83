using System.Globalization;
using System.Net.Sockets;
using Portico.Hosting;

namespace Portico.Edge.Hosting;

/// <summary>
/// Manages the files of admin sockets: each edge has its own (<c>e123</c>, by its process), and a link leads to that of the edge that serves.
/// </summary>
internal static class AdminSocket
{
    /// <summary>Removes the socket that a dead edge has left.</summary>
    /// <exception cref="IOException">Another edge answers there, or the file cannot be removed.</exception>
    public static async Task ClaimAsync(string path, CancellationToken cancellationToken)
    {
        if (new FileInfo(path) is { Exists: false, LinkTarget: null })
            return;
        using var probe = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await probe.ConnectAsync(new UnixDomainSocketEndPoint(path), cancellationToken);
        }
        catch (SocketException)
        {
            File.Delete(path);
            return;
        }
        throw new IOException($"another edge is running with this home: it answers on {path}. Stop it first.");
    }

    public static string PathOf(string runDirectory, int process) =>
        Path.Combine(runDirectory, string.Create(CultureInfo.InvariantCulture, $"e{process}"));

    public static IEnumerable<string> All(string runDirectory) => DirectoryEntries.Files(runDirectory, "e*")
        .Where(path => int.TryParse(Path.GetFileName(path.AsSpan())[1..], NumberStyles.None, CultureInfo.InvariantCulture, out _));

    /// <summary>Points the link at this edge, so that the server asks it from now on.</summary>
    public static void Publish(string path, string own)
    {
        File.SetUnixFileMode(own, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        var temporary = own + "l";
        File.Delete(temporary);
        File.CreateSymbolicLink(temporary, Path.GetFileName(own));
        File.Move(temporary, path, overwrite: true);
    }

    /// <summary>Removes the link, unless it already leads to another edge.</summary>
    public static void Withdraw(string path, string own)
    {
        if (new FileInfo(path).LinkTarget == Path.GetFileName(own))
            File.Delete(path);
    }
}
