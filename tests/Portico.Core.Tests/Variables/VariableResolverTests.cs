using Portico.Core.Services;
using Portico.Core.Variables;

namespace Portico.Core.Tests.Variables;

public sealed class VariableResolverTests
{
    private static readonly Dictionary<string, string> NoPlatform = [];

    [Fact]
    public void Own_variables_win_over_groups_and_groups_over_the_platform()
    {
        var world = World(Service("api", [("A", Literal("own"))], ["first", "second"])) with
        {
            Groups = new Dictionary<string, IReadOnlyDictionary<string, EnvVarSource>>
            {
                ["first"] = Sources([("A", Literal("first")), ("B", Literal("first")), ("C", Literal("first"))]),
                ["second"] = Sources([("B", Literal("second"))]),
            },
        };
        var resolved = new VariableResolver(world).Resolve("api", new Dictionary<string, string> { ["C"] = "platform", ["D"] = "platform" });
        Assert.Equal(["own", "second", "first", "platform"], new[] { "A", "B", "C", "D" }.Select(key => resolved.Values[key]));
    }

    [Fact]
    public void Two_services_may_know_each_others_public_url()
    {
        var world = World(
            Service("web", [("API", FromService("api", "RENDER_EXTERNAL_URL"))]),
            Service("api", [("WEB", FromService("web", "RENDER_EXTERNAL_URL"))]));
        Assert.Equal("http://api.test", new VariableResolver(world).Resolve("web", NoPlatform).Values["API"]);
        Assert.Equal("http://web.test", new VariableResolver(world).Resolve("api", NoPlatform).Values["WEB"]);
    }

    [Fact]
    public void A_chain_is_followed_to_its_end()
    {
        var world = World(
            Service("a", [("X", FromService("b", "Y"))]), Service("b", [("Y", FromService("c", "Z"))]), Service("c", [("Z", Literal("end"))]));
        Assert.Equal("end", new VariableResolver(world).Resolve("a", NoPlatform).Values["X"]);
    }

    [Fact]
    public void A_circle_is_a_problem_that_shows_the_chain()
    {
        var world = World(Service("a", [("X", FromService("b", "Y"))]), Service("b", [("Y", FromService("a", "X"))]));
        Assert.Equal(["a.X → b.Y → a.X: the references are circular."], new VariableResolver(world).Resolve("a", NoPlatform).Problems);
    }

    [Theory]
    [InlineData("host", "127.0.0.1")]
    [InlineData("port", "15001")]
    [InlineData("hostport", "127.0.0.1:15001")]
    public void Addresses_are_those_inside_the_platform(string property, string expected)
    {
        var world = World(Service("a", [("X", new EnvVarSource.FromService("web", "b", property, null))]), Service("b", []));
        Assert.Equal(expected, new VariableResolver(world).Resolve("a", NoPlatform).Values["X"]);
    }

    [Fact]
    public void Every_dangling_reference_is_told()
    {
        var world = World(Service("a",
        [
            ("X", FromService("nobody", "Y")), ("Y", new EnvVarSource.FromDatabase("nothing", "host")), ("Z", FromService("a", "MISSING")),
        ]));
        Assert.Equal(3, new VariableResolver(world).Resolve("a", NoPlatform).Problems.Count);
    }

    [Theory]
    [InlineData("connectionString", "redis://127.0.0.1:6001")]
    [InlineData("host", "127.0.0.1")]
    [InlineData("port", "6001")]
    public void A_key_value_store_has_three_properties(string property, string expected)
    {
        var world = World(Service("a", [("X", new EnvVarSource.FromService("keyvalue", "cache", property, null))])) with
        {
            KeyValues = new Dictionary<string, DataStoreIdentity>
            {
                ["cache"] = new DataStoreIdentity(
                    "red-cache", "cache", new Dictionary<string, string> { ["connectionString"] = "redis://127.0.0.1:6001", ["host"] = "127.0.0.1", ["port"] = "6001" }),
            },
        };
        Assert.Equal(expected, new VariableResolver(world).Resolve("a", NoPlatform).Values["X"]);
    }

    private static VariableWorld World(params ServiceIdentity[] services) => new()
    {
        Services = services.ToDictionary(service => service.Name),
        Groups = new Dictionary<string, IReadOnlyDictionary<string, EnvVarSource>>(),
        Databases = new Dictionary<string, DataStoreIdentity>(),
        KeyValues = new Dictionary<string, DataStoreIdentity>(),
    };

    private static ServiceIdentity Service(string name, (string, EnvVarSource)[] variables, params string[] groups) => new()
    {
        Id = $"srv-{name}",
        Name = name,
        Type = ServiceType.WebService,
        InternalHost = "127.0.0.1",
        InternalPort = 15001,
        ExternalHost = $"{name}.test",
        ExternalUrl = $"http://{name}.test",
        Groups = groups,
        Variables = Sources(variables),
    };

    private static Dictionary<string, EnvVarSource> Sources((string Key, EnvVarSource Source)[] variables) =>
        variables.ToDictionary(item => item.Key, item => item.Source);

    private static EnvVarSource.Literal Literal(string value) => new(value);

    private static EnvVarSource.FromService FromService(string name, string key) => new("web", name, null, key);
}
