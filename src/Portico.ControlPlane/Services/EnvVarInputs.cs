using System.Text;
using Portico.Api.Contracts.Render;
using Portico.Blueprint.Rules;
using Portico.ControlPlane.Refusals;
using Portico.Core.Services;

namespace Portico.ControlPlane.Services;

/// <summary>Validates the variables and secret files in a request body.</summary>
internal static class EnvVarInputs
{
    /// <summary>Render's limit for all files of an owner together.</summary>
    private const int MostFileBytes = 1 << 20;
    private const int LongestFileName = 255;

    /// <param name="field">The prefix of fields in messages; empty if the body is the list.</param>
    /// <exception cref="RefusedException">A key or value is invalid, or a key appears more than once.</exception>
    public static Dictionary<string, EnvVarSource> Read(IReadOnlyList<EnvVarInput>? inputs, string field)
    {
        var read = new Dictionary<string, EnvVarSource>(StringComparer.Ordinal);
        foreach (var (input, i) in (inputs ?? []).Select((input, i) => (input, i)))
        {
            var at = $"{field}[{i}]";
            RequireKey(input?.Key ?? throw Refusal.Invalid($"{at}: must be a variable."), $"{at}.key");
            if (!read.TryAdd(input.Key, Source(input.Value, input.GenerateValue, at)))
                throw Refusal.Invalid($"{at}.key: '{input.Key}' appears more than once.");
        }
        return read;
    }

    public static void RequireKey(string key, string field)
    {
        if (Names.ProblemOfEnvKey(key) is { } problem)
            throw Refusal.Invalid($"{field}: {problem}.");
    }

    /// <param name="at">The field in messages; empty if the body is the variable.</param>
    public static EnvVarSource Source(string? value, bool? generate, string at)
    {
        var prefix = at.Length > 0 ? $"{at}." : "";
        if (generate is true)
            return value is null
                ? new EnvVarSource.Generated(GeneratedSecret.New())
                : throw Refusal.Invalid($"{prefix}generateValue: can't be combined with value. Omit one of them.");
        if (value is null)
            throw Refusal.Invalid($"{prefix}value: required, unless generateValue is true.");
        if (value.Contains('\0'))
            throw Refusal.Invalid($"{prefix}value: must not contain a NUL character.");
        return Names.ProblemOfEnvValue(value) is { } problem
            ? throw Refusal.Invalid($"{prefix}value: {problem}.")
            : new EnvVarSource.Literal(value);
    }

    public static Dictionary<string, string> Read(IReadOnlyList<SecretFileInput>? inputs, string field)
    {
        var read = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (input, i) in (inputs ?? []).Select((input, i) => (input, i)))
        {
            var at = $"{field}[{i}]";
            RequireFileName(input?.Name ?? throw Refusal.Invalid($"{at}: must be a secret file."), $"{at}.name");
            if (!read.TryAdd(input.Name, input.Content))
                throw Refusal.Invalid($"{at}.name: '{input.Name}' appears more than once.");
        }
        RequireSize(read.Values, field.Length > 0 ? field : "body");
        return read;
    }

    /// <summary>Requires a plain file name, as in Render.</summary>
    public static void RequireFileName(string name, string field)
    {
        var good = name.Length is > 0 and <= LongestFileName && name is not ("." or "..")
            && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_');
        if (!good)
            throw Refusal.Invalid($"{field}: '{Short(name)}' is not a valid name for a secret file. Use letters, digits, '-', '_' and '.', for example .env.");
    }

    public static void RequireSize(IEnumerable<string> contents, string field)
    {
        if (contents.Sum(content => (long)Encoding.UTF8.GetByteCount(content)) > MostFileBytes)
            throw Refusal.Invalid($"{field}: secret files must not exceed {MostFileBytes / 1024} KiB in total.");
    }

    private static string Short(string name) => name.Length <= 60 ? name : name[..60] + "…";
}
