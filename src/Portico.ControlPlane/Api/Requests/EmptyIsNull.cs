using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Portico.ControlPlane.Api.Requests;

/// <summary>Answers with a list, and with <c>null</c> for one without items, where Render does.</summary>
internal static class EmptyIsNull
{
    public static Results<Ok<IReadOnlyList<T>>, ContentHttpResult> Answer<T>(IReadOnlyList<T> items) =>
        items.Count > 0 ? TypedResults.Ok(items) : TypedResults.Content("null", "application/json");
}
