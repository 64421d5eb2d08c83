using System.Net;
using System.Net.Sockets;

namespace Portico.ControlPlane.Outbound;

/// <summary>Uses the machine's resolver, which follows aliases.</summary>
internal sealed class SystemHostLookup : IHostLookup
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    public async Task<IReadOnlyList<IPAddress>> FindAsync(string host, CancellationToken cancellationToken)
    {
        try
        {
            return await Dns.GetHostAddressesAsync(host, cancellationToken).WaitAsync(Patience, cancellationToken);
        }
        catch (Exception exception) when (exception is SocketException or TimeoutException or ArgumentException)
        {
            return [];
        }
    }
}
