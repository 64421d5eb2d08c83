namespace Portico.Blueprint.Model;

/// <summary>An item of <c>envVars</c>: a variable, or a link to a group of them.</summary>
public abstract record EnvEntry
{
    private protected EnvEntry()
    {
    }

    public Origin Origin { get; init; }
}

/// <summary>A link to a group, <c>fromGroup</c>.</summary>
public sealed record EnvGroupLink(string Group) : EnvEntry;

public sealed record EnvVar(string Key, EnvValue Value) : EnvEntry
{
    /// <summary>The value to use in preview environments.</summary>
    public string? PreviewValue { get; init; }
}

/// <summary>Where a variable's value comes from.</summary>
public abstract record EnvValue
{
    private protected EnvValue()
    {
    }
}

/// <summary>A value exactly as written: <c>1.10</c> stays <c>1.10</c>.</summary>
public sealed record LiteralValue(string Text) : EnvValue;

/// <summary>A value that Portico generates once and keeps: <c>generateValue: true</c>.</summary>
public sealed record GeneratedValue : EnvValue;

/// <summary>A value that Portico prompts for once and keeps: <c>sync: false</c>.</summary>
/// <param name="Default">A value in the file, used the first time.</param>
public sealed record PromptedValue(string? Default) : EnvValue;

/// <param name="Property">One of <see cref="References.ReferenceProperties.Database"/>.</param>
public sealed record DatabaseReference(string Name, string Property) : EnvValue;

/// <summary>Exactly one of <paramref name="Property"/> and <paramref name="EnvVarKey"/> is set.</summary>
public sealed record ServiceReference(ReferenceKind Kind, string Name, string? Property, string? EnvVarKey) : EnvValue;
