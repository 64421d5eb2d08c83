using Portico.ControlPlane.Platform;
using Portico.Core.Routing;

namespace Portico.ControlPlane.Tests.Platform;

public sealed class EdgeProblemTests
{
    private static readonly EdgeStatus Well = new(3, 1, null, new Dictionary<string, int>()) { IsAccepting = true };

    [Fact]
    public void Nothing_is_wrong_with_an_edge_that_serves_all() => Assert.Equal(new EdgeProblem(null, Serves: true), EdgeProblem.Of(Well, 8080));

    [Fact]
    public void A_port_of_one_service_is_named_and_the_rest_is_served() => Assert.Equal(
        new EdgeProblem("api: cannot open its internal port 10001: Address already in use", Serves: true),
        EdgeProblem.Of(Well with { Problems = ["api: cannot open its internal port 10001: Address already in use"] }, 8080));

    [Fact]
    public void Refused_routes_leave_the_earlier_ones_in_effect()
    {
        var problem = EdgeProblem.Of(Well with { Refused = "two services have the id srv-1", Problems = ["api: host 'a b' is left out"] }, 8080);
        Assert.True(problem.Serves);
        Assert.Equal("the newest routes, so the earlier ones are in effect: two services have the id srv-1; api: host 'a b' is left out", problem.Text);
    }

    [Fact]
    public void The_public_port_is_named_when_it_is_the_problem()
    {
        var at = new DateTimeOffset(2026, 1, 2, 0, 0, 0, TimeSpan.Zero);
        var problem = EdgeProblem.Of(
            Well with { IsAccepting = false, FailingLoops = [new("records", at, "disk full"), new("public port", at, "Address already in use")] }, 8080);
        Assert.Equal(new EdgeProblem("port 8080: Address already in use", Serves: false), problem);
        Assert.Equal("port 80: it accepts no connections", EdgeProblem.Of(Well with { IsAccepting = false }, 80).Text);
    }
}
