using Portico.ControlPlane.Logs;

namespace Portico.ControlPlane.Api.Render.Logs;

internal enum LogSide
{
    Before,
    After,
    Around,
}

/// <summary>Which lines are wanted, by the id of one.</summary>
internal sealed record LogPlace(LogSide Side, LogTime Id);
