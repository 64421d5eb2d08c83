using System.Net.Sockets;

namespace Portico.Edge.Hosting;

/// <summary>The file of the admin socket: one edge per home.</summary>
internal static class AdminSocket
{
    /// <summary>Removes what an edge that died has left.</summary>
    /// <exception cref="IOException">Another edge answers there, or the file cannot be removed.</exception>
    public static async Task ClaimAsync(string path, CancellationToken cancellationToken)
    {
        if (!File.Exists(path))
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
        throw new IOException($"another edge is running with this home: {path} answers. Stop it first.");
    }

    /// <summary>For the platform's own account only.</summary>
    public static void Restrict(string path) => File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
}
