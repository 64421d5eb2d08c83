using System.Globalization;
using System.Text;
using Portico.ControlPlane.Git;

namespace Portico.ControlPlane.Api.Git;

/// <summary>Sends messages to the client of a push while it is under way. Git shows them with the prefix <c>remote:</c>.</summary>
internal sealed class SideBand(Stream response)
{
    private const byte Report = 1, Progress = 2;
    private const int LongestLine = 8192;

    public Task SayAsync(string line, CancellationToken cancellationToken)
    {
        var text = Encoding.UTF8.GetBytes((line.Length > LongestLine ? line[..LongestLine] : line) + "\n");
        return WriteAsync(Progress, text, cancellationToken);
    }

    /// <summary>Sends an empty packet, so that a proxy in between does not close an idle connection.</summary>
    public Task KeepAliveAsync(CancellationToken cancellationToken) => WriteAsync(Report, [], cancellationToken);

    public async Task EndAsync(CancellationToken cancellationToken)
    {
        await response.WriteAsync("0000"u8.ToArray(), cancellationToken);
        await response.FlushAsync(cancellationToken);
    }

    private async Task WriteAsync(byte band, byte[] text, CancellationToken cancellationToken)
    {
        var length = PacketReader.LengthBytes + 1 + text.Length;
        byte[] packet = [.. Encoding.ASCII.GetBytes(length.ToString("x4", CultureInfo.InvariantCulture)), band, .. text];
        await response.WriteAsync(packet, cancellationToken);
        await response.FlushAsync(cancellationToken);
    }
}
