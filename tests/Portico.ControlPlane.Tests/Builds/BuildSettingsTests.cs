using Portico.Api.Contracts.Platform;

namespace Portico.ControlPlane.Tests.Builds;

public sealed class BuildSettingsTests
{
    [Fact]
    public void Builds_are_bounded_without_a_word()
    {
        var settings = Load([]);

        Assert.Equal(Math.Max(1, Environment.ProcessorCount / 2), settings.ConcurrentBuilds);
        Assert.InRange(settings.BuildMemoryBytes, 512L << 20, 8L << 30);
        Assert.Equal(OverlappingDeploys.Override, settings.OverlappingDeploys);
        Assert.Equal(TimeSpan.FromMinutes(120), settings.BuildTimeout);
        Assert.Equal(1024L << 20, settings.MinFreeDiskBytes);
    }

    [Fact]
    public void What_is_set_counts()
    {
        var settings = Load(new()
        {
            ["PORTICO_CONCURRENT_BUILDS"] = "3",
            ["PORTICO_BUILD_MEMORY_MEGABYTES"] = "700",
            ["PORTICO_BUILD_OUTPUT_MEGABYTES"] = "2",
            ["PORTICO_OVERLAPPING_DEPLOYS"] = "wait",
            ["PORTICO_KEPT_DEPLOYS"] = "9",
            ["PORTICO_MIN_FREE_DISK_MEGABYTES"] = "0",
        });

        Assert.Equal((3, 700L << 20, 2L << 20), (settings.ConcurrentBuilds, settings.BuildMemoryBytes, settings.BuildOutputBytes));
        Assert.Equal((OverlappingDeploys.Wait, 9, 0L), (settings.OverlappingDeploys, settings.KeptDeploys, settings.MinFreeDiskBytes));
    }

    [Theory]
    [InlineData("PORTICO_OVERLAPPING_DEPLOYS", "both", "override or wait")]
    [InlineData("PORTICO_KEPT_DEPLOYS", "0", "from 1 to 1000")]
    [InlineData("PORTICO_BUILD_MEMORY_MEGABYTES", "lots", "a whole number")]
    public void What_cannot_be_used_is_refused_with_what_can(string name, string value, string allowed)
    {
        var refused = Assert.Throws<SettingsException>(() => Load(new() { [name] = value }));

        Assert.Contains(name, refused.Message, StringComparison.Ordinal);
        Assert.Contains(allowed, refused.Message, StringComparison.Ordinal);
    }

    private static PlatformSettings Load(Dictionary<string, string> environment) =>
        PlatformSettings.Load(new Dictionary<string, string>(environment) { ["PORTICO_HOME"] = "/nowhere" });
}
