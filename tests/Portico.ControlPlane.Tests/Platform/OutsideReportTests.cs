using Microsoft.EntityFrameworkCore;
using Portico.Api.Contracts.Platform;
using Portico.ControlPlane.Platform;
using Portico.ControlPlane.State;
using Portico.ControlPlane.Tests.Api;
using Portico.Core.Engines;

namespace Portico.ControlPlane.Tests.Platform;

/// <summary>What <c>portico doctor</c> says about what answers from outside.</summary>
public sealed class OutsideReportTests : IAsyncLifetime
{
    private ApiHost _host = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _host = await ApiHost.StartAsync(Token);

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task Open_ports_are_those_of_the_edge_and_of_ssh()
    {
        var check = new KnownFinding(new OutsideFinding { Tried = 3 });
        var item = await DescribeAsync(check);
        Assert.Equal(("ok", "outside"), (item.Level, item.Name));
        Assert.Contains("3 ports", item.Message, StringComparison.Ordinal);
        var settings = _host.Get<PlatformSettings>();
        Assert.Equal(settings.Paths.Home, check.Home);
        Assert.Equal([settings.HttpPort, settings.SshPort], check.Open);
    }

    [Fact]
    public async Task What_answers_is_an_error_with_a_way_to_fix_it()
    {
        var item = await DescribeAsync(new KnownFinding(new OutsideFinding { Tried = 3, Answering = ["10.1.2.3:3000", "198.18.0.1:20000"] }));
        Assert.Equal("error", item.Level);
        Assert.Contains("10.1.2.3:3000, 198.18.0.1:20000", item.Message, StringComparison.Ordinal);
        Assert.NotNull(item.Fix);
    }

    [Fact]
    public async Task What_could_not_be_tried_is_a_warning()
    {
        Assert.Equal("warning", (await DescribeAsync(new KnownFinding(new OutsideFinding { Restriction = "no root." }))).Level);
        var answer = (await _host.Owner.ReadAsync("/portico/v1/engine/outside")).GetProperty("checks")[0];
        Assert.Equal("warning", answer.Text("level"));
        Assert.Contains("this engine cannot do that", answer.Text("message"), StringComparison.Ordinal);
    }

    private async Task<EngineCheckItem> DescribeAsync(IOutsideCheck check)
    {
        var reporter = new OutsideReporter(check, _host.Get<IEngine>(), _host.Get<PlatformSettings>(), _host.Get<IDbContextFactory<PorticoDb>>());
        return Assert.Single((await reporter.ReportAsync(Token)).Checks);
    }

    private sealed class KnownFinding(OutsideFinding finding) : IOutsideCheck
    {
        public string? Home { get; private set; }

        public IReadOnlyCollection<int> Open { get; private set; } = [];

        public Task<OutsideFinding> RunAsync(string home, IReadOnlyCollection<int> open, CancellationToken cancellationToken)
        {
            (Home, Open) = (home, open);
            return Task.FromResult(finding);
        }
    }
}
