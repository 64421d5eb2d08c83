using Portico.Core.Routing;

namespace Portico.Postgres;

/// <summary>Writes the server's <c>pg_hba.conf</c>: all roles need a password, checked with SCRAM, and replication is refused.</summary>
internal static class HostRules
{
    // As on Render, internal URLs do not require TLS, but clients may use it.
    private const string Inside = """
        hostssl all all 127.0.0.1/32 scram-sha-256
        host all all 127.0.0.1/32 scram-sha-256

        """;

    // External connections, which the edge relays, must use TLS and cannot log in as superuser.
    private const string Outside = $"""
        hostssl all {DatabaseSetup.Superuser} {DataStoreRoute.Source}/32 reject
        hostssl all all {DataStoreRoute.Source}/32 scram-sha-256

        """;

    public static string Write(bool external) => external ? Inside + Outside : Inside;
}
