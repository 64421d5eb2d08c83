using System.Security.Cryptography.X509Certificates;
using Npgsql;
using Portico.Core.DataStores;
using Portico.Core.Engines;

namespace Portico.Postgres;

/// <summary>Opens Portico's own connections as superuser. They are encrypted, and accept only the certificate that Portico created.</summary>
internal static class AdminDataSource
{
    private const int ConnectSeconds = 10;
    private const int CommandSeconds = 60;

    public static NpgsqlDataSource Create(PostgresSpec spec, InstanceAddress address, string database)
    {
        var builder = new NpgsqlDataSourceBuilder(Describe(spec, address, database));
        builder.UseSslClientAuthenticationOptionsCallback(options =>
            options.RemoteCertificateValidationCallback = (_, presented, _, _) => IsOurs(spec, presented));
        // These statements use only built-in types, so the types need not be loaded from the server.
        builder.ConfigureTypeLoading(types => types.EnableTypeLoading(false));
        return builder.Build();
    }

    private static string Describe(PostgresSpec spec, InstanceAddress address, string database) => new NpgsqlConnectionStringBuilder
    {
        Host = address.Host,
        Port = address.Port,
        Username = DatabaseSetup.Superuser,
        Password = spec.SuperuserPassword,
        Database = database,
        ApplicationName = "portico",
        SslMode = SslMode.Require,
        GssEncryptionMode = GssEncryptionMode.Disable,
        Pooling = false,
        Timeout = ConnectSeconds,
        CommandTimeout = CommandSeconds,
        // A function that the user created in a schema must not be called instead of a built-in one.
        Options = "-c search_path=pg_catalog",
    }.ConnectionString;

    private static bool IsOurs(PostgresSpec spec, X509Certificate? presented)
    {
        using var expected = X509Certificate2.CreateFromPem(spec.CertificatePem);
        return presented is not null && presented.GetRawCertData().AsSpan().SequenceEqual(expected.RawDataMemory.Span);
    }
}
