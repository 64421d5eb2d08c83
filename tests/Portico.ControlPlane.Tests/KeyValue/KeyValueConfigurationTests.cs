using Portico.ControlPlane.KeyValue;
using Portico.Core.DataStores;
using Portico.Core.Engines;

namespace Portico.ControlPlane.Tests.KeyValue;

public sealed class KeyValueConfigurationTests
{
    [Fact]
    public void The_revision_changes_with_what_runs_and_with_nothing_else()
    {
        var spec = TestStore.SpecOf(6379);
        var id = new KeyValueServer(spec).Revision.Id;

        Assert.Equal(id, new KeyValueServer(spec with { Name = "renamed" }).Revision.Id);
        Assert.NotEqual(id, new KeyValueServer(spec with { MaxmemoryPolicy = "noeviction" }).Revision.Id);
        Assert.NotEqual(id, new KeyValueServer(spec with { Password = "other" }).Revision.Id);
    }

    [Fact]
    public void The_key_is_in_a_file_of_its_own_and_in_no_text()
    {
        var spec = TestStore.SpecOf(6379) with { Tls = new TlsEndpoint(6380, "certificate", "secret key") };
        var server = new KeyValueServer(spec);

        Assert.NotEqual(new KeyValueServer(TestStore.SpecOf(6379)).Revision.Id, server.Revision.Id);
        Assert.Equal("secret key", server.Revision.Files["server.key"]);
        Assert.Contains("tls-port \"6380\"", server.Revision.Files["keyvalue.conf"], StringComparison.Ordinal);
        Assert.DoesNotContain("secret", $"{spec} {spec.Tls}", StringComparison.Ordinal);
    }

    [Fact]
    public void The_process_gets_more_memory_than_the_data()
    {
        var server = new KeyValueServer(TestStore.SpecOf(6379));

        Assert.Equal(576 * 1024 * 1024, server.Revision.Limits.MemoryBytes);
        Assert.Null(new KeyValueServer(TestStore.SpecOf(6379) with { Limits = ResourceLimits.None }).Revision.Limits.MemoryBytes);
    }
}
