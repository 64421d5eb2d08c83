using System.Diagnostics;
using Portico.Core.DataStores;
using Portico.Testing.DataStores;

namespace Portico.ControlPlane.Tests.KeyValue;

public sealed class CliCommandTests
{
    /// <summary>Clients split the command at spaces and take leading NAME=value parts for variables; no shell sees it.</summary>
    [Fact]
    public async Task The_command_works_when_split_at_spaces()
    {
        await using var store = await TestStore.StartAsync();
        if (Programs.Missing(FindClient(), "redis-tools") is { } missing)
            Assert.Skip(missing);
        var parts = new KeyValueConnection { Host = store.Address.Host, Port = store.Spec.Port, Password = store.Spec.Password }.CliCommand.Split(' ');
        var variables = parts.TakeWhile(part => part.Contains('=', StringComparison.Ordinal)).ToList();

        var start = new ProcessStartInfo(parts[variables.Count], [.. parts.Skip(variables.Count + 1), "PING"]) { RedirectStandardOutput = true };
        foreach (var variable in variables)
            start.Environment[variable.Split('=', 2)[0]] = variable.Split('=', 2)[1];
        using var process = Process.Start(start)!;

        Assert.Equal("PONG", (await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken)).Trim());
    }

    private static string? FindClient() => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':')
        .Select(directory => Path.Combine(directory, "redis-cli")).FirstOrDefault(File.Exists);
}
