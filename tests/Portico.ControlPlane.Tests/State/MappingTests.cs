using System.Text.Json;
using Portico.Blueprint.Model;
using Portico.ControlPlane.Blueprints;
using Portico.ControlPlane.Services;
using Portico.ControlPlane.State;
using Portico.Core.DataStores;
using Portico.Core.Services;
using KeyValueSpec = Portico.Blueprint.Model.KeyValueSpec;

namespace Portico.ControlPlane.Tests.State;

/// <summary>Nothing that a Blueprint or the state can hold is lost between the two.</summary>
public sealed class MappingTests
{
    [Fact]
    public void Every_field_of_a_service_in_a_Blueprint_survives_the_state()
    {
        var spec = Filled.Of<ServiceSpec>();

        var back = ServiceMapping.ToSpec(spec.Name, ServiceMapping.TypeOf(spec.Kind), ServiceMapping.ToSettings(spec), spec.EnvVars);

        // Domains are rows of their own.
        Assert.Equal(spec, back with { Domains = spec.Domains });
    }

    [Fact]
    public void Every_setting_of_a_service_survives_a_Blueprint()
    {
        var settings = Filled.Of<ServiceSettings>();

        var back = ServiceMapping.ToSettings(ServiceMapping.ToSpec("thing", ServiceType.WebService, settings, null));

        // A file has no word for where a disk's data lies, how autoscaling was sent and who set the repository: PlanWriter keeps these.
        var expected = settings with
        {
            AutoscalingForm = null,
            Disk = settings.Disk! with { Volume = null, CreatedAt = null, UpdatedAt = null },
            Source = settings.Source with { RepoSetBy = null },
        };
        Assert.Equal(JsonSerializer.Serialize(expected), JsonSerializer.Serialize(back));
    }

    [Fact]
    public void Every_field_of_a_database_survives_the_state()
    {
        var spec = Filled.Of<DatabaseSpec>();
        var settings = DataStoreMapping.ToSettings(spec);
        var identity = new DataStoreIdentityData { Port = 1, Password = "", DatabaseName = spec.DatabaseName, User = spec.User, MajorVersion = spec.MajorVersion };

        Assert.Equal(spec, DataStoreMapping.ToDatabase(Row(DataStoreKind.Postgres, spec.Name, settings, identity)));
        Assert.Equal(spec.MajorVersion, settings.MajorVersion);
    }

    [Fact]
    public void Every_field_of_a_Key_Value_store_survives_the_state()
    {
        foreach (var policy in Enum.GetValues<MaxMemoryPolicy>())
            foreach (var mode in Enum.GetValues<PersistenceMode>())
            {
                var spec = Filled.Of<KeyValueSpec>() with { MaxMemoryPolicy = policy, PersistenceMode = mode };
                var row = Row(DataStoreKind.KeyValue, spec.Name, DataStoreMapping.ToSettings(spec), new DataStoreIdentityData { Port = 1, Password = "" });
                Assert.Equal(spec, DataStoreMapping.ToKeyValue(row));
            }
    }

    [Fact]
    public void Every_setting_of_a_data_store_comes_from_a_Blueprint()
    {
        var database = Filled.Leaves(DataStoreMapping.ToSettings(Filled.Of<DatabaseSpec>()));
        var store = Filled.Leaves(DataStoreMapping.ToSettings(Filled.Of<KeyValueSpec>()));

        var missing = database.Zip(store).Where(pair => pair.First.Value is null && pair.Second.Value is null).Select(pair => pair.First.Path);

        // A file has no words for them: PlanWriter keeps what is there.
        Assert.Equal([nameof(DataStoreSettings.ParameterOverrides), nameof(DataStoreSettings.InternalAuthentication)], missing);
    }

    [Fact]
    public void Choices_are_mapped_by_name()
    {
        foreach (var trigger in Enum.GetValues<AutoDeployTrigger>())
        {
            Assert.Equal(trigger.ToString(), ServiceMapping.ToAutoDeploy(trigger).ToString());
            Assert.Equal(trigger, ServiceMapping.ToTrigger(ServiceMapping.ToAutoDeploy(trigger)));
        }
        Assert.Equal(Enum.GetNames<AutoDeployTrigger>(), Enum.GetNames<AutoDeploy>());
        foreach (var kind in Enum.GetValues<ServiceKind>())
            Assert.Equal(kind.ToString(), ServiceMapping.TypeOf(kind).ToString());
    }

    private static DataStoreRow Row(DataStoreKind kind, string name, DataStoreSettings settings, DataStoreIdentityData identity) => new()
    {
        Id = "x",
        WorkspaceId = "tea-1",
        Kind = kind,
        Name = name,
        Settings = settings,
        Identity = identity,
        Status = DataStoreStatus.Available,
        StatusSince = default,
        CreatedAt = default,
        UpdatedAt = default,
    };
}
