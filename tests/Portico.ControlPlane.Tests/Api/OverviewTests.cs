using System.Diagnostics;
using System.Text;
using Portico.Api.Contracts.Platform;
using Portico.ControlPlane.Tests.Crash;

namespace Portico.ControlPlane.Tests.Api;

public sealed class OverviewTests(ITestOutputHelper output)
{
    private const int Services = 1000, LargestRow = 450;

    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(2);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_thousand_services_are_read_at_once_and_in_small_rows()
    {
        await using var host = await ApiHost.StartAsync(Token);
        var file = new StringBuilder("services:\n");
        for (var i = 0; i < Services; i++)
            file.Append("  - { type: web, name: site-").Append(i).Append(", runtime: static, staticPublishPath: . }\n");
        var result = await host.Platform.ApplyAsync(new ApplyBlueprint { Blueprint = file.ToString(), Commit = UploadedSource.First }, Token);
        Assert.True(result.Applied, string.Join("\n", result.Diagnostics));
        var path = new Uri($"/portico/v1/overview?ownerId={host.Platform.Workspace}", UriKind.Relative);
        await host.Owner.GetByteArrayAsync(path, Token);
        var began = Stopwatch.GetTimestamp();
        var answer = await host.Owner.GetByteArrayAsync(path, Token);
        var took = Stopwatch.GetElapsedTime(began);
        output.WriteLine($"{Services} services: {answer.Length / Services} bytes each, read in {took.TotalMilliseconds:F0} ms.");
        Assert.InRange(answer.Length / Services, 50, LargestRow);
        Assert.InRange(took, TimeSpan.Zero, Longest);
    }
}
