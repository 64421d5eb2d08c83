using System.Diagnostics;
using Portico.Core.DataStores;
using Portico.Testing;
using Portico.Testing.DataStores;

namespace Portico.ControlPlane.Tests.KeyValue;

public sealed class CliCommandTests
{
    /// <summary>Clients split the command at spaces and take leading NAME=value parts for variables; no shell sees it.</summary>
    [Fact]
    public async Task The_command_works_when_split_at_spaces()
    {
        await using var store = await TestStore.StartAsync();
        Assert.Equal("PONG", await PingAsync(Connection(store, store.Spec.Port)));
    }

    [Fact]
    public async Task From_outside_it_is_encrypted_or_nothing()
    {
        var certificate = SelfSignedCertificate.Create("store", TimeProvider.System);
        await using var store = await TestStore.StartAsync(spec => spec with
        {
            Tls = new TlsEndpoint(FreePort.Find(), certificate.CertificatePem, certificate.PrivateKeyPem),
        });
        var outside = Connection(store, store.Spec.Tls!.Port);
        Assert.Equal("PONG", await PingAsync(outside with { Encrypted = true }));
        Assert.NotEqual("PONG", await PingAsync(outside));
        Assert.NotEqual("PONG", await PingAsync(outside with { Encrypted = true, Password = "wrong" }));
        Assert.Equal("PONG", await PingAsync(Connection(store, store.Spec.Port)));
    }

    private static KeyValueConnection Connection(TestStore store, int port) =>
        new() { Host = store.Address.Host, Port = port, Password = store.Spec.Password };

    private static async Task<string> PingAsync(KeyValueConnection connection)
    {
        if (Programs.Missing(FindClient(), "redis-tools") is { } missing)
            Assert.Skip(missing);
        var parts = connection.CliCommand.Split(' ');
        var variables = parts.TakeWhile(part => part.Contains('=', StringComparison.Ordinal)).ToList();
        var start = new ProcessStartInfo(parts[variables.Count], [.. parts.Skip(variables.Count + 1), "PING"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var variable in variables)
            start.Environment[variable.Split('=', 2)[0]] = variable.Split('=', 2)[1];
        using var process = Process.Start(start)!;
        return (await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken)).Trim();
    }

    private static string? FindClient() => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':')
        .Select(directory => Path.Combine(directory, "redis-cli")).FirstOrDefault(File.Exists);
}
