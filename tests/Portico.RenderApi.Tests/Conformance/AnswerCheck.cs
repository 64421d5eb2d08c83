using System.Text.Json;
using Portico.RenderApi.Tests.Spec;

namespace Portico.RenderApi.Tests.Conformance;

/// <summary>Holds an answer against what the operation declares: status, headers, content type, body.</summary>
internal sealed class AnswerCheck(RenderSpec spec)
{
    // The document leaves most refusals out, 400 for a forged cursor of a list for instance; they have one shape everywhere.
    private static readonly int[] Refusals = [400, 401, 403, 404, 405, 409, 413, 415, 429];
    private readonly SchemaValidator _validator = new(spec);

    /// <returns>What is wrong; empty when nothing is.</returns>
    public IEnumerable<string> Problems(Operation operation, Answer answer) => StatusProblems(operation, answer).Concat(EscapeProblems(answer));

    /// <summary>Only pages need such characters escaped. In an answer they make messages unreadable.</summary>
    private static IEnumerable<string> EscapeProblems(Answer answer) => ((string[])["\\u0027", "\\u0026", "\\u002B", "\\u003C", "\\u003E", "\\u0022", "\\u0060"])
        .Where(escape => answer.Text.Contains(escape, StringComparison.OrdinalIgnoreCase)).Select(escape => $"escapes a character as {escape}: {answer.Text}");

    private IEnumerable<string> StatusProblems(Operation operation, Answer answer)
    {
        if (answer.Status >= 400)
            return Refusals.Contains(answer.Status)
                ? RefusalProblems(answer).Concat(HeaderProblems(operation, answer))
                : [$"answered {answer.Status}: {answer.Text}"];
        return operation.Responses.TryGetValue(Departures.DeclaredAs(operation.Id, answer.Status), out var declared)
            ? BodyProblems(declared, answer).Where(problem => !Departures.IsMeant(operation.Id, problem)).Concat(HeaderProblems(operation, answer))
            : [$"answered {answer.Status}, which is not declared; declared are {string.Join(", ", operation.Responses.Keys.Order())}"];
    }

    /// <summary>A refusal is <c>{id, message}</c> whatever the operation, and tells nothing of the inside.</summary>
    public static IEnumerable<string> RefusalProblems(Answer answer)
    {
        if (answer.Json is not { ValueKind: JsonValueKind.Object } body)
            return [$"answered {answer.Status} with a body that is no JSON object: '{answer.Text}'"];
        var problems = new List<string>();
        if (answer.ContentType != "application/json")
            problems.Add($"answered {answer.Status} with content type '{answer.ContentType}'");
        problems.AddRange(((string[])["id", "message"]).Where(name => !IsText(body, name)).Select(name => $"answered {answer.Status} without '{name}': {answer.Text}"));
        if (answer.Text.Contains("   at ", StringComparison.Ordinal) || answer.Text.Contains("Exception", StringComparison.Ordinal))
            problems.Add($"shows a stack trace or an exception: {answer.Text}");
        return problems;
    }

    private static bool IsText(JsonElement body, string name) =>
        body.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String && value.GetString()!.Length > 0;

    private IEnumerable<string> BodyProblems(DeclaredResponse declared, Answer answer)
    {
        if (declared.Schema is not { } schema)
            return answer.Bytes.Length == 0 ? [] : [$"answered {answer.Status} with a body where none is declared: {answer.Text}"];
        if (answer.ContentType != "application/json")
            return [$"answered {answer.Status} with content type '{answer.ContentType}', must be application/json"];
        return answer.Json is { } body && body.ValueKind != JsonValueKind.Undefined
            ? _validator.Validate(body, schema)
            : [$"answered {answer.Status} without JSON: '{answer.Text}'"];
    }

    private IEnumerable<string> HeaderProblems(Operation operation, Answer answer)
    {
        if (!operation.Responses.TryGetValue(answer.Status, out var declared))
            yield break;
        foreach (var (name, schema) in declared.Headers)
        {
            if (!answer.Headers.TryGetValue(name, out var value))
                yield return $"answered {answer.Status} without the header {name}";
            else if (spec.Resolve(schema).GetProperty("type").ValueEquals("integer") && !value.All(char.IsAsciiDigit))
                yield return $"answered {answer.Status} with the header {name}: {value}, must be an integer";
        }
    }
}
