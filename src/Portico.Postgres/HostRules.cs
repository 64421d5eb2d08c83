using Portico.Core.DataStores;
using Portico.Core.Routing;

namespace Portico.Postgres;

/// <summary>Writes the server's <c>pg_hba.conf</c>: all roles need a password, checked with SCRAM, and replication is refused.</summary>
internal static class HostRules
{
    private const string Superuser = DatabaseSetup.Superuser;

    public static string Write(PostgresSpec spec) => spec.Place is { } place
        ? InNetwork(place, spec.External)
        : OnLoopback + (spec.External ? Outside(DataStoreRoute.LoopbackSource) : "");

    // As on Render, internal URLs do not require TLS, but clients may use it.
    private const string OnLoopback = """
        hostssl all all 127.0.0.1/32 scram-sha-256
        host all all 127.0.0.1/32 scram-sha-256

        """;

    // The first rule that matches decides. The platform itself connects from the gateway; no service can have that address, or the
    // one of external connections.
    private static string InNetwork(StorePlace place, bool external) => $"""
        hostssl all {Superuser} {place.Gateway}/32 scram-sha-256
        host all {Superuser} {place.Gateway}/32 scram-sha-256
        host all {Superuser} all reject
        {(external ? $"hostssl all all {place.ExternalSource}/32 scram-sha-256" : "")}
        host all all {place.ExternalSource}/32 reject
        hostssl all all {place.Range} scram-sha-256
        host all all {place.Range} scram-sha-256

        """;

    // External connections, which the edge relays, must use TLS and cannot log in as superuser.
    private static string Outside(string source) => $"""
        hostssl all {Superuser} {source}/32 reject
        hostssl all all {source}/32 scram-sha-256

        """;
}
