using Portico.Core.Engines;
using Portico.Core.Plans;

namespace Portico.Core.Tests.Plans;

public sealed class InstanceTypesTests
{
    private const long MiB = 1024 * 1024;

    [Theory]
    [InlineData("free", 512, 100)]
    [InlineData("starter", 512, 500)]
    [InlineData("standard", 2 * 1024, 1000)]
    [InlineData("pro", 4 * 1024, 2000)]
    [InlineData("pro plus", 8 * 1024, 4000)]
    [InlineData("pro max", 16 * 1024, 4000)]
    [InlineData("pro ultra", 32 * 1024, 8000)]
    public void A_service_gets_what_its_plan_says(string plan, long megabytes, int cpuMillis) =>
        Assert.Equal(new ResourceLimits(megabytes * MiB, cpuMillis), InstanceTypes.Services.Find(plan)?.Limits);

    [Theory]
    [InlineData("free", 256, 100, 100)]
    [InlineData("basic-1gb", 1024, 500, 100)]
    [InlineData("pro-8gb", 8 * 1024, 2000, 200)]
    [InlineData("accelerated-16gb", 16 * 1024, 2000, 400)]
    [InlineData("accelerated-1024gb", 1024 * 1024, 128_000, 500)]
    [InlineData("pro plus", 8 * 1024, 4000, 200)]
    public void A_database_gets_what_its_plan_says(string plan, long megabytes, int cpuMillis, int connections)
    {
        Assert.Equal(new InstanceType(plan, new ResourceLimits(megabytes * MiB, cpuMillis)), InstanceTypes.Postgres.Find(plan));
        Assert.Equal(connections, ConnectionLimits.Postgres(megabytes * MiB));
    }

    [Theory]
    [InlineData("free", 25, 50)]
    [InlineData("starter", 256, 250)]
    [InlineData("standard", 1024, 1000)]
    [InlineData("pro", 5 * 1024, 5000)]
    [InlineData("pro plus", 10 * 1024, 10_000)]
    [InlineData("pro max", 20 * 1024, 20_000)]
    [InlineData("pro ultra", 40 * 1024, 40_000)]
    public void A_store_gets_what_its_plan_says(string plan, long megabytes, int connections)
    {
        Assert.Equal(new InstanceType(plan, new ResourceLimits(megabytes * MiB, null)), InstanceTypes.KeyValue.Find(plan));
        Assert.Equal(connections, ConnectionLimits.KeyValue(megabytes * MiB));
    }

    [Theory]
    [InlineData("")]
    [InlineData("Starter")]
    [InlineData("basic-1gb")]
    public void A_plan_of_another_kind_is_unknown(string plan) => Assert.Null(InstanceTypes.Services.Find(plan));
}
