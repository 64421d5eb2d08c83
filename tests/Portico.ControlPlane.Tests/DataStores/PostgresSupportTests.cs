using Portico.Blueprint;
using Portico.Blueprint.Engines;
using Portico.ControlPlane.Running;
using Portico.Core.Engines;

namespace Portico.ControlPlane.Tests.DataStores;

/// <summary>Which versions of PostgreSQL a plan accepts, and what it says about others.</summary>
public sealed class PostgresSupportTests
{
    private const string Hint = "do this for postgresql-{0}";

    [Theory]
    [InlineData("15")]
    [InlineData("18")]
    [InlineData(null)]
    public void A_version_that_is_installed_or_can_be_fetched_is_accepted(string? version) => Assert.Empty(Problems(version, ["15"], ["18", "17"]));

    [Fact]
    public void Another_version_is_refused_by_its_number_with_what_would_help()
    {
        var problem = Assert.Single(Problems("13", ["15"], ["18", "17"]));

        Assert.Contains("there is no PostgreSQL 13; available: 15, 18, 17", problem, StringComparison.Ordinal);
        Assert.Contains("do this for postgresql-13", problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("17", "PostgreSQL 17 is not installed", "do this for postgresql-17")]
    [InlineData(null, "PostgreSQL is not installed", "do this for postgresql")]
    public void Without_any_version_the_message_names_the_one_that_is_asked_for(string? version, string says, string helps)
    {
        var problem = Assert.Single(Problems(version, [], []));

        Assert.Contains(says, problem, StringComparison.Ordinal);
        Assert.EndsWith(helps, problem, StringComparison.Ordinal);
    }

    private static List<string> Problems(string? version, string[] installed, string[] fetchable)
    {
        var engine = new EngineCapabilities
        {
            Name = "process",
            Images = false,
            Dockerfiles = false,
            DiskRestriction = null,
            DiskSizeRestriction = null,
            Isolation = false,
            Sandbox = "none.",
            PrivateNetwork = new PrivateNetworkSupport { Restriction = "there is none." },
            MemoryLimit = new LimitSupport(true, null),
            CpuLimit = new LimitSupport(true, null),
            Runtimes = [new RuntimeSupport("postgres", installed, "apt-get install postgresql") { Fetchable = fetchable, Hint = Hint }],
        };
        var file = BlueprintParser.Parse($"databases: [{{ name: db{(version is null ? "" : $", postgresMajorVersion: '{version}'")} }}]").File!;
        return [.. EngineCheck.Check(file, PlatformSupport.Of(engine, localRepositories: true)).Select(item => item.ToString())];
    }
}
