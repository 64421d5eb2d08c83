using System.Diagnostics;
using Portico.Cli.Tests.Support;
using Portico.Testing;

namespace Portico.Cli.Tests;

/// <summary>The script that keeps the server and the edge running, as it is.</summary>
public sealed class KeeperTests : IDisposable
{
    private readonly TempFolder _folder = new();

    /// <summary>A .NET process opens its diagnostic socket when it starts, unless this variable is 0.</summary>
    [Theory]
    [InlineData(null, "0")]
    [InlineData("1", "1")]
    public async Task What_it_starts_has_no_diagnostic_socket_unless_somebody_asked_for_one(string? given, string expected)
    {
        var start = new ProcessStartInfo("sh", [SourceTree.PathOf("src", "Portico.Server", "keep.sh"), _folder["lock"], _folder["log"], "/usr/bin/env"]);
        start.Environment.Remove("DOTNET_EnableDiagnostics");
        if (given is not null)
            start.Environment["DOTNET_EnableDiagnostics"] = given;
        using var keeper = Process.Start(start)!;
        await keeper.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Contains($"DOTNET_EnableDiagnostics={expected}", await File.ReadAllLinesAsync(_folder["log"], TestContext.Current.CancellationToken));
    }

    public void Dispose() => _folder.Dispose();
}
