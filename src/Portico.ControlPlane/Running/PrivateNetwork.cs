using System.Diagnostics.CodeAnalysis;
using Portico.Core.Engines;
using Portico.Core.Networks;

namespace Portico.ControlPlane.Running;

/// <summary>The private network of the engine, if it has one.</summary>
internal sealed class PrivateNetwork(IEngine engine)
{
    /// <summary>Render's default for <c>PORT</c>.</summary>
    public const int DefaultPort = 10_000;

    private const int PostgresPort = 5432, KeyValuePort = 6379, KeyValueTlsPort = 6380;

    /// <summary>Numbers that a range of the usual size (/16) has an address for.</summary>
    private static readonly NetworkAddresses Usual = new("10.0.0.0/16");

    private readonly Lazy<NetworkAddresses?> _addresses = new(() => AddressesOf(engine.Capabilities.PrivateNetwork));

    /// <summary>Its addresses; null if there is no private network.</summary>
    public NetworkAddresses? Addresses => _addresses.Value;

    [MemberNotNullWhen(true, nameof(Addresses))]
    public bool Exists => Addresses is not null;

    /// <summary>Why there is none, as text for users; null if there is one.</summary>
    public string? Restriction => Support.Restriction;

    public PrivateNetworkSupport Support => engine.Capabilities.PrivateNetwork;

    /// <summary>The addresses that numbers are chosen for. Without a private network, too, so that the resources have theirs once there is one.</summary>
    public NetworkAddresses Numbered => Addresses ?? Usual;

    /// <summary>The port of a data store in the private network, as on Render.</summary>
    public static int PortOf(State.DataStoreKind kind) => kind == State.DataStoreKind.Postgres ? PostgresPort : KeyValuePort;

    /// <summary>The port for encrypted connections to a Key Value store in the private network.</summary>
    public static int TlsPort => KeyValueTlsPort;

    private static NetworkAddresses? AddressesOf(PrivateNetworkSupport support) =>
        support is { Restriction: null, Range: { } range } ? new NetworkAddresses(range) : null;
}
