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

    /// <summary>A value that is generated once and kept.</summary>
    public sealed record Generated(string Value) : EnvVarSource;

    /// <summary>A value that the user is prompted for once (<c>sync: false</c>) and that is kept.</summary>
    public sealed record Prompted(string Value) : EnvVarSource;

    /// <param name="Name">The name of a Postgres database.</param>
    public sealed record FromDatabase(string Name, string Property) : EnvVarSource;

    /// <param name="Type">The type in the Blueprint: <c>web pserv worker cron static keyvalue</c>.</param>
    /// <param name="Property">The property; exactly one of this and <paramref name="EnvVarKey"/> is set.</param>
    public sealed record FromService(string Type, string Name, string? Property, string? EnvVarKey) : EnvVarSource;

    /// <summary>The value, if it is known without resolving a reference.</summary>
    [JsonIgnore]
    public string? OwnValue => this switch
    {
        Literal literal => literal.Value,
        Generated generated => generated.Value,
        Prompted prompted => prompted.Value,
        _ => null,
    };
}
