using System.Reflection;
using Microsoft.Extensions.Time.Testing;
using Portico.Core.Ids;

namespace Portico.Core.Tests.Ids;

public sealed class ResourceIdTests
{
    private const string Body = "0123456789abcdefghiv";

    [Fact]
    public void What_is_printed_parses_back()
    {
        var id = new IdSource(new FakeTimeProvider()).New<PostgresId>();

        Assert.True(ResourceId.TryParse<PostgresId>(id.ToString(), out var parsed));
        Assert.Equal(id, parsed);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("srv")]
    [InlineData("srv-")]
    [InlineData(Body)]
    [InlineData("dep-" + Body)]
    [InlineData("SRV-" + Body)]
    [InlineData("srv-" + Body + "0")]
    [InlineData("srv-0123456789abcdefghiz")]
    [InlineData("srv-" + Body + "\n")]
    [InlineData(" srv-" + Body)]
    public void What_is_no_id_of_the_kind_is_refused(string? text) =>
        Assert.False(ResourceId.TryParse<ServiceId>(text, out _));

    [Fact]
    public void Parse_says_which_form_it_wanted()
    {
        var error = Assert.Throws<FormatException>(() => ResourceId.Parse<ServiceId>("dep-" + Body));

        Assert.Contains("srv-", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Prefixes_are_three_letters_and_a_dash_and_each_kind_has_its_own()
    {
        var kinds = typeof(IResourceId<>).Assembly.GetTypes()
            .Where(type => type is { IsValueType: true, IsPublic: true } && type.GetInterfaces().Any(IsResourceId));
        var prefixes = kinds.Select(type => (string)type.GetProperty("Prefix", BindingFlags.Public | BindingFlags.Static)!.GetValue(null)!)
            .ToArray();

        Assert.NotEmpty(prefixes);
        Assert.Distinct(prefixes);
        Assert.All(prefixes, prefix => Assert.Matches("^[a-z]{3}-$", prefix));
    }

    private static bool IsResourceId(Type type) =>
        type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IResourceId<>);
}
