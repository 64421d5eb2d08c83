namespace Portico.Postgres;

/// <summary>The server's <c>pg_hba.conf</c>: a password by SCRAM for everyone, and nothing for replication.</summary>
internal static class HostRules
{
    // An internal URL does not ask for TLS, as on Render; a client that does gets it.
    public const string Text = """
        hostssl all all 127.0.0.1/32 scram-sha-256
        host all all 127.0.0.1/32 scram-sha-256

        """;
}
