using Portico.Core.Routing;

namespace Portico.Postgres;

/// <summary>The server's <c>pg_hba.conf</c>: a password by SCRAM for everyone, and nothing for replication.</summary>
internal static class HostRules
{
    // An internal URL does not ask for TLS, as on Render; a client that does gets it.
    private const string Inside = """
        hostssl all all 127.0.0.1/32 scram-sha-256
        host all all 127.0.0.1/32 scram-sha-256

        """;

    // What the edge passes on from outside: encrypted or not at all, and nobody as superuser.
    private const string Outside = $"""
        hostssl all {DatabaseSetup.Superuser} {DataStoreRoute.Source}/32 reject
        hostssl all all {DataStoreRoute.Source}/32 scram-sha-256

        """;

    public static string Write(bool external) => external ? Inside + Outside : Inside;
}
