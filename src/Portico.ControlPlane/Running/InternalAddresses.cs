using System.Globalization;
using Portico.ControlPlane.State;
using Portico.Core.Engines;

namespace Portico.ControlPlane.Running;

/// <summary>The internal addresses of services, as they are shown to users.</summary>
/// <remarks>
/// In the private network, the port is the one that the instances listen on, because any of their ports can be used. It is Render's
/// default until one is running. Elsewhere, it is the port of the edge that is fixed at creation.
/// </remarks>
internal sealed class InternalAddresses(PrivateNetwork network, IEngine engine)
{
    private const string Loopback = "127.0.0.1";

    /// <returns>Null if the service does not listen.</returns>
    public string? HostAndPortOf(ServiceRow row) => row.InternalPort is not { } port ? null
        : network.Exists ? string.Create(CultureInfo.InvariantCulture, $"{row.Slug}:{ListeningOf(row) ?? PrivateNetwork.DefaultPort}")
        : string.Create(CultureInfo.InvariantCulture, $"{Loopback}:{port}");

    /// <inheritdoc cref="HostAndPortOf"/>
    public string? UrlOf(ServiceRow row) => HostAndPortOf(row) is { } address ? $"http://{address}" : null;

    /// <summary>Returns the open ports: the one that its instances listen on, which is not known before one is running, or the internal port.</summary>
    public IReadOnlyList<int> PortsOf(ServiceRow row) => row.InternalPort is not { } port ? []
        : !network.Exists ? [port]
        : ListeningOf(row) is { } open ? [open]
        : [];

    private int? ListeningOf(ServiceRow row) => row.RoutedDeployId is null ? null : engine.Observe().Instances
        .FirstOrDefault(instance => instance.Revision.Value == row.RoutedDeployId && instance is { Status: InstanceStatus.Ready, Address: { } address } && IsInside(address))
        ?.Address!.Port;

    private bool IsInside(InstanceAddress address) =>
        System.Net.IPAddress.TryParse(address.Host, out var host) && network.Addresses?.Contains(host) == true;
}
