namespace Portico.Core.Detection;

/// <summary>A proposed value.</summary>
/// <param name="Reason">Why, as the beginning of a sentence without a full stop: <c>package.json has the dependency next</c>.</param>
public sealed record Guess(string Value, string Reason);
