using System.Net;
using System.Net.Sockets;
using Npgsql;
using Portico.Core.Routing;

namespace Portico.Postgres.Tests;

/// <summary>What the server makes of connections that the edge passes on.</summary>
public sealed class OutsideTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(true, SslMode.Require, null, null)]
    [InlineData(true, SslMode.Disable, null, PostgresErrorCodes.InvalidAuthorizationSpecification)]
    [InlineData(true, SslMode.Require, "postgres", PostgresErrorCodes.InvalidAuthorizationSpecification)]
    [InlineData(false, SslMode.Require, null, PostgresErrorCodes.InvalidAuthorizationSpecification)]
    public async Task They_are_encrypted_and_no_superusers_or_refused(bool open, SslMode mode, string? user, string? refused)
    {
        await using var database = await TestDatabase.StartAsync(spec => spec with { External = open });
        using var relay = new TcpListener(IPAddress.Loopback, 0);
        relay.Start();
        _ = RelayAsync(relay, database.Spec.Port);
        void Change(NpgsqlConnectionStringBuilder settings)
        {
            settings.Port = ((IPEndPoint)relay.LocalEndpoint).Port;
            settings.SslMode = mode;
            if (user is not null)
                (settings.Username, settings.Password) = (user, database.Spec.SuperuserPassword);
        }
        if (refused is not null)
        {
            await database.RefusesAsync(refused, Change);
            return;
        }
        await using var client = await database.ConnectAsync(Change);
        Assert.Equal("127.0.0.2/32|true", await TestDatabase.ReadAsync<string>(
            client, "SELECT concat_ws('|', inet_client_addr()::cidr, (SELECT ssl::text FROM pg_stat_ssl WHERE pid = pg_backend_pid()))"));
    }

    private static async Task RelayAsync(TcpListener relay, int port)
    {
        while (!Cancel.IsCancellationRequested)
        {
            using var client = await relay.AcceptTcpClientAsync(Cancel);
            using var server = new TcpClient(new IPEndPoint(IPAddress.Parse(DataStoreRoute.LoopbackSource), 0));
            await server.ConnectAsync(IPAddress.Loopback, port, Cancel);
            await Task.WhenAny(client.GetStream().CopyToAsync(server.GetStream(), Cancel), server.GetStream().CopyToAsync(client.GetStream(), Cancel));
        }
    }
}
