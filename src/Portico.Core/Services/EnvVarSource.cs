using System.Text.Json.Serialization;

namespace Portico.Core.Services;

/// <summary>Where a variable's value comes from.</summary>
[JsonDerivedType(typeof(Literal), "literal")]
[JsonDerivedType(typeof(Generated), "generated")]
[JsonDerivedType(typeof(Prompted), "prompted")]
[JsonDerivedType(typeof(FromDatabase), "fromDatabase")]
[JsonDerivedType(typeof(FromService), "fromService")]
public abstract record EnvVarSource
{
    private EnvVarSource() { }

    public sealed record Literal(string Value) : EnvVarSource;

    /// <summary>Made once, then kept.</summary>
    public sealed record Generated(string Value) : EnvVarSource;

    /// <summary>Asked once (<c>sync: false</c>), then kept.</summary>
    public sealed record Prompted(string Value) : EnvVarSource;

    /// <param name="Name">Of a Postgres database.</param>
    public sealed record FromDatabase(string Name, string Property) : EnvVarSource;

    /// <param name="Type">As in the Blueprint: <c>web pserv worker cron static keyvalue</c>.</param>
    /// <param name="Property">Set, or <paramref name="EnvVarKey"/> is.</param>
    public sealed record FromService(string Type, string Name, string? Property, string? EnvVarKey) : EnvVarSource;

    /// <summary>The value where it is known without looking elsewhere.</summary>
    [JsonIgnore]
    public string? OwnValue => this switch
    {
        Literal literal => literal.Value,
        Generated generated => generated.Value,
        Prompted prompted => prompted.Value,
        _ => null,
    };
}
