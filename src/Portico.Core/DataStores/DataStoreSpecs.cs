using Portico.Core.Engines;

namespace Portico.Core.DataStores;

/// <summary>The desired state of a managed PostgreSQL database. Identities (id, names, port, passwords) are fixed at creation.</summary>
public sealed record PostgresSpec
{
    /// <summary>The <c>dpg-</c> id.</summary>
    public required string Id { get; init; }

    public required string Name { get; init; }

    public required string DatabaseName { get; init; }

    public required string User { get; init; }

    public required string Password { get; init; }

    /// <summary>The password of <c>postgres</c>, for Portico's own use; never shown to the user.</summary>
    public required string SuperuserPassword { get; init; }

    public required string MajorVersion { get; init; }

    public required int Port { get; init; }

    /// <summary>Null if it listens on the loopback address.</summary>
    public StorePlace? Place { get; init; }

    public required ResourceLimits Limits { get; init; }

    /// <summary>The disk's size; null for no limit.</summary>
    public long? DiskBytes { get; init; }

    /// <summary>The self-signed certificate, PEM, created with the database.</summary>
    public required string CertificatePem { get; init; }

    public required string PrivateKeyPem { get; init; }

    /// <summary>Whether external clients may connect, encrypted, from <see cref="StorePlace.ExternalSource"/> or <see cref="Routing.DataStoreRoute.LoopbackSource"/>.</summary>
    public bool External { get; init; }

    /// <summary>Additional users besides <see cref="User"/>.</summary>
    public IReadOnlyList<PostgresUser> Users { get; init; } = [];

    /// <summary>Server settings that override those of the plan, as <see cref="PostgresParameters"/> allows.</summary>
    public IReadOnlyDictionary<string, string> Parameters { get; init; } = new Dictionary<string, string>();

    /// <summary>How many restarts were requested.</summary>
    public int Restarts { get; init; }

    // A record's generated ToString would write the secrets to a log.
    public override string ToString() => $"{Name} ({Id})";
}

/// <summary>The desired state of a managed Key Value store.</summary>
public sealed record KeyValueSpec
{
    /// <summary>The <c>red-</c> id.</summary>
    public required string Id { get; init; }

    public required string Name { get; init; }

    /// <summary>The password of its clients.</summary>
    public required string Password { get; init; }

    /// <summary>The password of Portico's own account, which clients do not know.</summary>
    public required string AdministratorPassword { get; init; }

    /// <summary>The version of the server; null if it is not known.</summary>
    public string? ServerVersion { get; init; }

    public required int Port { get; init; }

    /// <summary>Null if it listens on the loopback address.</summary>
    public StorePlace? Place { get; init; }

    /// <summary>The policy as in <c>redis.conf</c>, for example <c>allkeys-lru</c>.</summary>
    public required string MaxmemoryPolicy { get; init; }

    public required ResourceLimits Limits { get; init; }

    /// <summary>The additional endpoint for encrypted connections; null for none.</summary>
    public TlsEndpoint? Tls { get; init; }

    /// <summary>Whether data survives a restart (false on the free plan, as on Render).</summary>
    public required bool Persistent { get; init; }

    /// <summary>How many restarts were requested.</summary>
    public int Restarts { get; init; }

    // A record's generated ToString would write the password to a log.
    public override string ToString() => $"{Name} ({Id})";
}

/// <param name="Port">The port on the address of the plain one.</param>
/// <param name="CertificatePem">The self-signed certificate.</param>
public sealed record TlsEndpoint(int Port, string CertificatePem, string PrivateKeyPem)
{
    // A record's generated ToString would write the key to a log.
    public override string ToString() => $"port {Port}";
}
