using Portico.Core.DataStores;
using Portico.Core.Engines;

namespace Portico.Core.Tests.DataStores;

public sealed class DataStoreRevisionTests
{
    private static readonly Revision Revision = new()
    {
        Id = new RevisionId("any"),
        Owner = "red-0123456789abcdefghij",
        Name = "cache",
        Runtime = new WorkloadRuntime("keyvalue"),
        Command = new Command.Exec("keyvalue-server", ["{files}/a", "{disk}"]),
        Environment = new Dictionary<string, string> { ["A"] = "1", ["B"] = "2" },
        Files = new Dictionary<string, string> { ["a"] = "bc" },
        Port = new PortBinding.Fixed(6379),
        Health = new HealthCheck.Tcp(),
        Limits = ResourceLimits.None,
    };

    [Fact]
    public void The_same_content_has_the_same_name()
    {
        var reordered = Revision with
        {
            Id = new RevisionId("other"),
            Name = "renamed",
            Environment = new Dictionary<string, string> { ["B"] = "2", ["A"] = "1" },
        };

        Assert.Matches("^red-0123456789abcdefghij-[0-9a-f]{10}$", Identify(Revision));
        Assert.Equal(Identify(Revision), Identify(reordered));
    }

    [Fact]
    public void Every_part_that_an_instance_depends_on_changes_the_name()
    {
        Revision[] changed =
        [
            Revision,
            Revision with { Command = new Command.Exec("keyvalue-server", ["{files}/a{disk}"]) },
            Revision with { Environment = new Dictionary<string, string> { ["A"] = "1", ["B"] = "3" } },
            Revision with { Files = new Dictionary<string, string> { ["ab"] = "c" } },
            Revision with { Port = new PortBinding.Fixed(6380) },
            Revision with { Limits = new ResourceLimits(1, null) },
            Revision with { Limits = new ResourceLimits(null, 1) },
            Revision with { Runtime = new WorkloadRuntime("keyvalue", "8") },
            Revision with { Disk = new DiskMount("red-0123456789abcdefghij", null) },
            Revision with { Disk = new DiskMount("red-0123456789abcdefghij", null) { SizeBytes = 1 } },
            Revision with { StopSignal = StopSignal.Interrupt },
            Revision with { StopGrace = TimeSpan.FromSeconds(1) },
        ];

        Assert.Equal(changed.Length, changed.Select(Identify).Distinct().Count());
    }

    private static string Identify(Revision revision) => DataStoreRevision.Identify(revision).Id.Value;
}
