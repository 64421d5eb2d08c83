using Portico.Core.Engines;

namespace Portico.Core.DataStores;

/// <summary>A managed PostgreSQL database as it should be. Identities (id, names, port, passwords) are fixed at creation.</summary>
public sealed record PostgresSpec
{
    /// <summary>The <c>dpg-</c> id.</summary>
    public required string Id { get; init; }

    public required string Name { get; init; }

    public required string DatabaseName { get; init; }

    public required string User { get; init; }

    public required string Password { get; init; }

    /// <summary>For Portico's own work as <c>postgres</c>; never shown to the user.</summary>
    public required string SuperuserPassword { get; init; }

    public required string MajorVersion { get; init; }

    public required int Port { get; init; }

    public required ResourceLimits Limits { get; init; }

    /// <summary>Null: as much as the machine has.</summary>
    public long? DiskBytes { get; init; }

    /// <summary>PEM, self-signed, made at creation.</summary>
    public required string CertificatePem { get; init; }

    public required string PrivateKeyPem { get; init; }

    /// <summary>Clients outside may come, encrypted, from <see cref="Routing.DataStoreRoute.Source"/>.</summary>
    public bool External { get; init; }

    /// <summary>Besides <see cref="User"/>.</summary>
    public IReadOnlyList<PostgresUser> Users { get; init; } = [];

    /// <summary>Settings of the server in place of its plan's; as <see cref="PostgresParameters"/> allows.</summary>
    public IReadOnlyDictionary<string, string> Parameters { get; init; } = new Dictionary<string, string>();

    /// <summary>How often a restart was asked for.</summary>
    public int Restarts { get; init; }

    // The generated text of a record would put the secrets into a log.
    public override string ToString() => $"{Name} ({Id})";
}

/// <summary>A managed Key Value store as it should be.</summary>
public sealed record KeyValueSpec
{
    /// <summary>The <c>red-</c> id.</summary>
    public required string Id { get; init; }

    public required string Name { get; init; }

    public required string Password { get; init; }

    public required int Port { get; init; }

    /// <summary>As in <c>redis.conf</c>, for example <c>allkeys-lru</c>.</summary>
    public required string MaxmemoryPolicy { get; init; }

    public required ResourceLimits Limits { get; init; }

    /// <summary>Where it takes encrypted connections besides; null for nowhere.</summary>
    public TlsEndpoint? Tls { get; init; }

    /// <summary>Whether data survives a restart (false on the free plan, as on Render).</summary>
    public required bool Persistent { get; init; }

    /// <summary>How often a restart was asked for.</summary>
    public int Restarts { get; init; }

    // The generated text of a record would put the password into a log.
    public override string ToString() => $"{Name} ({Id})";
}

/// <param name="Port">On the loopback address.</param>
/// <param name="CertificatePem">Self-signed.</param>
public sealed record TlsEndpoint(int Port, string CertificatePem, string PrivateKeyPem)
{
    // The generated text of a record would put the key into a log.
    public override string ToString() => $"port {Port}";
}
