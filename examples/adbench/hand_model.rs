//! Reads a hand model: `bones.txt`, `vertices.txt` and `triangles.txt`, fields separated by colons.

use super::error::Error;
use super::hand::{FINGER_BONES, Matrix, Model};
use super::io::read_text;
use std::path::{Path, PathBuf};

/// One line of a model file, field by field.
struct Fields<'a> {
    path: &'a Path,
    line: usize,
    rest: std::str::Split<'a, char>,
}

impl<'a> Fields<'a> {
    fn error(&self, message: String) -> Error {
        Error::Format {
            path: self.path.to_path_buf(),
            line: self.line,
            message,
        }
    }

    fn text(&mut self, what: &str) -> Result<&'a str, Error> {
        match self.rest.next() {
            Some(field) => Ok(field.trim()),
            None => Err(self.error(format!("the line ends before {what}"))),
        }
    }

    fn number(&mut self, what: &str) -> Result<f64, Error> {
        let field = self.text(what)?;
        match field.parse::<f64>() {
            Ok(value) if value.is_finite() => Ok(value),
            _ => Err(self.error(format!("{what} should be a finite number, not `{field}`"))),
        }
    }

    /// An index below `limit`.
    fn index(&mut self, what: &str, limit: usize) -> Result<usize, Error> {
        let field = self.text(what)?;
        match field.parse::<usize>() {
            Ok(value) if value < limit => Ok(value),
            _ => Err(self.error(format!(
                "{what} should be a whole number below {limit}, not `{field}`"
            ))),
        }
    }

    fn matrix(&mut self, what: &str) -> Result<Matrix, Error> {
        let mut out = [[0.0; 4]; 4];
        for entry in out.as_flattened_mut() {
            *entry = self.number(what)?;
        }
        Ok(out)
    }
}

/// Calls `each` with the fields of each line that is not empty; returns the number of such lines.
fn each_line(
    path: &Path,
    mut each: impl FnMut(&mut Fields<'_>) -> Result<(), Error>,
) -> Result<usize, Error> {
    let text = read_text(path)?;
    let mut count = 0;
    for (number, line) in text.lines().enumerate() {
        if !line.trim().is_empty() {
            each(&mut Fields {
                path,
                line: number + 1,
                rest: line.split(':'),
            })?;
            count += 1;
        }
    }
    Ok(count)
}

/// Which finger a bone belongs to.
fn finger_of(bone: i32) -> Option<i32> {
    (1..FINGER_BONES as i32)
        .contains(&bone)
        .then(|| (bone - 1) / 4)
}

/// Reads the model in a folder.
pub fn read_hand_model(folder: &Path) -> Result<Model, Error> {
    let mut model = Model {
        parents: Vec::new(),
        relatives: Vec::new(),
        inverse_absolutes: Vec::new(),
        vertices: Vec::new(),
        weight_starts: vec![0],
        weight_bones: Vec::new(),
        weights: Vec::new(),
        triangles: Vec::new(),
    };
    let bones_path = folder.join("bones.txt");
    let bones = each_line(&bones_path, |fields| {
        fields.text("the bone's name")?;
        let field = fields.text("the bone's parent")?;
        let parent = match field.parse::<i32>() {
            Ok(parent) if parent >= -1 && i64::from(parent) < model.parents.len() as i64 => parent,
            _ => {
                return Err(fields.error(format!(
                    "the bone's parent should be -1 or an earlier bone, not `{field}`"
                )));
            }
        };
        let bone = model.parents.len() as i32;
        if finger_of(bone) != finger_of(parent) && (finger_of(bone).is_none() || parent > 0) {
            return Err(fields.error(format!(
                "a finger's bones hang from one another or from the wrist, and no others hang from them; the parent of bone {bone} is {parent}"
            )));
        }
        model.parents.push(parent);
        model.relatives.push(fields.matrix("the bone's frame")?);
        model
            .inverse_absolutes
            .push(fields.matrix("the bone's inverse frame")?);
        Ok(())
    })?;
    if bones < FINGER_BONES {
        return Err(too_short(
            bones_path,
            bones,
            &format!("a hand has at least {FINGER_BONES} bones"),
        ));
    }

    let vertices_path = folder.join("vertices.txt");
    let vertices = each_line(&vertices_path, |fields| {
        let mut vertex = [0.0; 3];
        for coordinate in &mut vertex {
            *coordinate = fields.number("the vertex")?;
        }
        model.vertices.push(vertex);
        // Normal (3) and texture coordinates (2) are not used.
        for _ in 0..5 {
            fields.text("the number of bones")?;
        }
        let count = fields.index("the number of bones", bones + 1)?;
        for _ in 0..count {
            model.weight_bones.push(fields.index("a bone", bones)?);
            model.weights.push(fields.number("a bone's weight")?);
        }
        model.weight_starts.push(model.weights.len());
        Ok(())
    })?;
    if vertices == 0 {
        return Err(too_short(vertices_path, 0, "a hand has vertices"));
    }

    each_line(&folder.join("triangles.txt"), |fields| {
        let mut corners = [0; 3];
        for corner in &mut corners {
            *corner = fields.index("a corner of the triangle", vertices)?;
        }
        model.triangles.push(corners);
        Ok(())
    })?;
    Ok(model)
}

fn too_short(path: PathBuf, lines: usize, need: &str) -> Error {
    Error::Format {
        path,
        line: lines.max(1),
        message: format!("the file ends after {lines} entries, but {need}"),
    }
}
